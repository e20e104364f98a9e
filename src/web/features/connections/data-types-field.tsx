import { CONNECTION_TYPES, type ConnectionType } from '../../../contract/connection-types.ts';
import { Checkbox, CheckboxGroup } from '../../ui/checkbox.tsx';
import { DATA_TYPES } from './connection.ts';

interface DataTypesFieldProps {
  value: readonly ConnectionType[];
  /** Called with the types in display order. */
  onChange: (types: ConnectionType[]) => void;
  disabled?: boolean;
  error?: string | undefined;
}

export function DataTypesField({ value, onChange, disabled, error }: DataTypesFieldProps) {
  return (
    <CheckboxGroup legend="Data types" error={error}>
      {DATA_TYPES.map((type) => (
        <Checkbox
          key={type}
          label={CONNECTION_TYPES[type].label}
          checked={value.includes(type)}
          disabled={disabled}
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
