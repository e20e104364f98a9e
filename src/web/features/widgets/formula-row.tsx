import { Trash2Icon } from 'lucide-react';
import { useId, useState } from 'react';
import { FUNCTIONS } from '../../../query/functions.ts';
import { faultOfFormula } from '../../../rules/widgets/faults.ts';
import { type JsonObject, textOf } from '../../../rules/widgets/definition.ts';
import { isObject } from '../../../rules/json.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { SelectField } from '../../ui/select.tsx';
import { SuggestField, type Token } from '../../ui/suggest-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { MAX_GROUP_LIMIT } from './events-query.ts';
import { messages } from './messages.ts';
import styles from './query-row.module.css';
import { nameAt } from './tokens.ts';
import { type Read, useDraft } from './use-draft.ts';

interface FormulaRowProps {
  index: number;
  formula: JsonObject;
  queryNames: readonly string[];
  onChange: (formula: JsonObject) => void;
  onRemove: (() => void) | undefined;
}

/** A formula over the queries, with the name and the number of its series. */
export function FormulaRow({ index, formula, queryNames, onChange, onRemove }: FormulaRowProps) {
  const headingId = useId();
  return (
    <section className={styles.row} aria-labelledby={headingId}>
      <header className={styles.header}>
        <h3 id={headingId} className={styles.formulaName}>
          {messages.formula(index)}
        </h3>
        {onRemove && (
          <IconButton label={messages.removeFormula(index)} icon={<Trash2Icon />} onClick={onRemove} />
        )}
      </header>
      <div className={styles.fields}>
        <FormulaField
          value={textOf(formula.formula)}
          queryNames={queryNames}
          onChange={(text) => onChange({ ...formula, formula: text })}
        />
        <TextField
          label={messages.alias}
          placeholder={messages.aliasPlaceholder}
          value={textOf(formula.alias)}
          maxLength={200}
          onChange={({ target }) => onChange(withAlias(formula, target.value))}
        />
        <LimitFields formula={formula} onChange={onChange} />
      </div>
    </section>
  );
}

function withAlias(formula: JsonObject, alias: string): JsonObject {
  if (alias !== '') return { ...formula, alias };
  const { alias: _removed, ...rest } = formula;
  return rest;
}

interface FormulaFieldProps {
  value: string;
  queryNames: readonly string[];
  onChange: (text: string) => void;
}

function FormulaField({ value, queryNames, onChange }: FormulaFieldProps) {
  const [token, setToken] = useState<Token>();
  const names = [...queryNames, ...Object.keys(FUNCTIONS).map((name) => `${name}(`)];
  const suggestions = names
    .filter((name) => token !== undefined && name.startsWith(token.text) && name !== token.text)
    .map((name) => ({ value: name }));
  return (
    <SuggestField
      label={messages.formulaText}
      value={value}
      onChange={onChange}
      error={faultOfFormula(value, queryNames)}
      tokenAt={nameAt}
      onToken={setToken}
      suggestions={suggestions}
      monospace
    />
  );
}

type Order = 'desc' | 'asc';

const ORDER_LABELS: Record<Order, string> = { desc: messages.highest, asc: messages.lowest };

/** The number of series that are drawn, and which. */
function LimitFields({ formula, onChange }: Pick<FormulaRowProps, 'formula' | 'onChange'>) {
  const limit = isObject(formula.limit) ? formula.limit : undefined;
  const draft = useDraft<number | undefined>({
    value: typeof limit?.count === 'number' ? limit.count : undefined,
    print: (count) => (count === undefined ? '' : String(count)),
    read: readCount,
    onChange: (count) => {
      const { limit: _previous, ...rest } = formula;
      onChange(count === undefined ? rest : { ...formula, limit: { order: 'desc', ...limit, count } });
    },
  });
  return (
    <>
      <TextField
        label={messages.limit}
        placeholder={messages.noLimit}
        inputMode="numeric"
        value={draft.text}
        onChange={({ target }) => draft.change(target.value)}
        error={draft.fault}
      />
      {limit && (
        <SelectField
          label={messages.order}
          options={(['desc', 'asc'] as const).map((value) => ({ value, label: ORDER_LABELS[value] }))}
          value={limit.order === 'asc' ? 'asc' : 'desc'}
          onChange={(order) => onChange({ ...formula, limit: { ...limit, order } })}
        />
      )}
    </>
  );
}

function readCount(text: string): Read<number | undefined> {
  if (text.trim() === '') return { value: undefined };
  const value = Number(text);
  const isCount = Number.isInteger(value) && value >= 1 && value <= MAX_GROUP_LIMIT;
  return isCount ? { value } : { fault: messages.notALimit };
}
