import { PlusIcon, XIcon } from 'lucide-react';
import {
  FUNCTIONS,
  type FunctionName,
  isFunctionName,
  type ParameterType,
} from '../../../query/functions.ts';
import type { AppliedFunction } from '../../../query/metrics-form.ts';
import { buttonClass } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, menuItem } from '../../ui/menu.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { messages } from './messages.ts';
import styles from './query-row.module.css';
import { type Read, useDraft } from './use-draft.ts';

interface FunctionFieldsProps {
  /** From the inside out. */
  functions: readonly AppliedFunction[];
  onChange: (functions: readonly AppliedFunction[]) => void;
}

/** Functions around a metric, with a menu that adds one. */
export function FunctionFields({ functions, onChange }: FunctionFieldsProps) {
  return (
    <fieldset className={styles.functions}>
      <legend className={styles.legend}>{messages.functions}</legend>
      {functions.map((applied, index) => (
        // The same function can be applied twice.
        // oxlint-disable-next-line react/no-array-index-key -- functions have no identity but their place
        <div key={`${index} ${applied.name}`} className={styles.function}>
          <code>{applied.name}</code>
          {parametersOf(applied.name).map((type, place) => (
            <ParameterField
              key={type.name}
              label={messages.parameterOf(applied.name, type.name)}
              type={type}
              value={applied.parameters[place] ?? ''}
              onChange={(value) =>
                onChange(
                  functions.with(index, { ...applied, parameters: applied.parameters.with(place, value) }),
                )
              }
            />
          ))}
          <IconButton
            label={messages.removeFunction(applied.name)}
            icon={<XIcon />}
            onClick={() => onChange(functions.toSpliced(index, 1))}
          />
        </div>
      ))}
      <Menu
        label={messages.addFunction}
        buttonClass={buttonClass('quiet')}
        button={
          <>
            <PlusIcon />
            <span>{messages.addFunction}</span>
          </>
        }
      >
        {Object.keys(FUNCTIONS)
          .filter(isFunctionName)
          .map((name) => (
            <button
              key={name}
              type="button"
              {...menuItem()}
              onClick={() =>
                onChange([...functions, { name, parameters: parametersOf(name).map(initialValue) }])
              }
            >
              <code>{name}</code>
            </button>
          ))}
      </Menu>
    </fieldset>
  );
}

function parametersOf(name: FunctionName): readonly ParameterType[] {
  return FUNCTIONS[name].parameters;
}

function initialValue(type: ParameterType): number | string {
  if (type.default !== undefined) return type.default;
  if (type.kind === 'word') return type.values[0] ?? '';
  return type.maximum === -1 ? -3600 : (type.minimum ?? 0);
}

interface ParameterFieldProps {
  label: string;
  type: ParameterType;
  value: number | string;
  onChange: (value: number | string) => void;
}

function ParameterField({ label, type, value, onChange }: ParameterFieldProps) {
  const draft = useDraft({ value, onChange, print: String, read: (text) => readNumber(type, text) });
  if (type.kind === 'word') {
    return (
      <Select
        label={label}
        options={type.values.map((word) => ({ value: word, label: word }))}
        value={String(value)}
        onChange={onChange}
      />
    );
  }
  return (
    <TextField
      label={label}
      labelHidden
      inputMode="decimal"
      value={draft.text}
      onChange={({ target }) => draft.change(target.value)}
      error={draft.fault}
    />
  );
}

function readNumber(type: ParameterType, text: string): Read<number | string> {
  const value = Number(text);
  if (type.kind === 'word' || text.trim() === '' || !Number.isFinite(value))
    return { fault: messages.notANumber };
  const { minimum = -Infinity, maximum = Infinity, integer } = type;
  const isAllowed =
    value >= minimum && value <= maximum && (integer === undefined || Number.isSafeInteger(value));
  return isAllowed ? { value } : { fault: messages.notANumber };
}
