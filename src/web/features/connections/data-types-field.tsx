import type { ConnectionType } from '../../../contract/org-connections/constants.ts';
import { Checkbox, CheckboxGroup } from '../../ui/checkbox.tsx';
import { DATA_TYPES } from './connection.ts';
import { dataTypeLabels } from '../../i18n/labels.ts';
import { messages } from './messages.ts';

interface DataTypesFieldProps {
  value: readonly ConnectionType[];
  /** Called with the types in display order. */
  onChange: (types: ConnectionType[]) => void;
  /** Returns why a type cannot be chosen, or undefined if it can. */
  obstacleTo: (type: ConnectionType) => string | undefined;
  /** Returns what to know about a selected type, or undefined. */
  hintFor?: (type: ConnectionType) => string | undefined;
  disabled?: boolean;
  error?: string | undefined;
}

export function DataTypesField({
  value,
  onChange,
  obstacleTo,
  hintFor,
  disabled,
  error,
}: DataTypesFieldProps) {
  return (
    <CheckboxGroup legend={messages.dataTypesLegend} error={error}>
      {DATA_TYPES.map((type) => (
        <Checkbox
          key={type}
          label={dataTypeLabels[type]}
          checked={value.includes(type)}
          disabled={disabled}
          hint={hintFor?.(type)}
          obstacle={disabled ? undefined : obstacleTo(type)}
          onChange={(checked) =>
            onChange(
              DATA_TYPES.filter((candidate) => (candidate === type ? checked : value.includes(candidate))),
            )
          }
        />
      ))}
    </CheckboxGroup>
  );
}
