import { type ReactNode, useId } from 'react';
import styles from './checkbox.module.css';

interface CheckboxProps {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean | undefined;
  /** Shown below the label. */
  hint?: string | undefined;
  /** Why the box cannot be changed, shown below the label. The box stays in the tab order. */
  obstacle?: string | undefined;
}

export function Checkbox({ label, checked, onChange, disabled, hint, obstacle }: CheckboxProps) {
  const noteId = useId();
  const note = obstacle ?? hint;
  return (
    <label className={styles.checkbox}>
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-label={label}
        aria-disabled={obstacle !== undefined || undefined}
        aria-describedby={note && noteId}
        onChange={(event) => {
          if (obstacle === undefined) onChange(event.target.checked);
        }}
      />
      <span>
        <span>{label}</span>
        {note && (
          <span id={noteId} className={styles.note}>
            {note}
          </span>
        )}
      </span>
    </label>
  );
}

interface CheckboxGroupProps {
  legend: string;
  error?: string | undefined;
  children: ReactNode;
}

export function CheckboxGroup({ legend, error, children }: CheckboxGroupProps) {
  const errorId = useId();
  return (
    <fieldset
      className={styles.group}
      aria-describedby={error && errorId}
      data-invalid={error !== undefined || undefined}
    >
      <legend className={styles.legend}>{legend}</legend>
      {children}
      {error && (
        <p id={errorId} className={styles.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
