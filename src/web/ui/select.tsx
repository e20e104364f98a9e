import { useId } from 'react';
import fieldStyles from './field.module.css';
import styles from './select.module.css';

interface SelectProps<Value extends string> {
  /** Accessible name. */
  label: string;
  options: readonly { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
}

/** A native drop-down, to select one of a few options. Only screen readers get its label. */
export function Select<Value extends string>({ label, ...props }: SelectProps<Value>) {
  return <Options aria-label={label} {...props} />;
}

/** A native drop-down with a label above it. */
export function SelectField<Value extends string>({ label, ...props }: SelectProps<Value>) {
  const id = useId();
  return (
    <div className={fieldStyles.field}>
      <label className={fieldStyles.label} htmlFor={id}>
        {label}
      </label>
      <Options id={id} {...props} />
    </div>
  );
}

type OptionsProps<Value extends string> = Omit<SelectProps<Value>, 'label'> & {
  id?: string;
  'aria-label'?: string;
};

function Options<Value extends string>({ options, value, onChange, ...props }: OptionsProps<Value>) {
  return (
    <select
      {...props}
      className={styles.select}
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.target.value);
        if (chosen) onChange(chosen.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
