import { type ReactNode, useId } from 'react';
import styles from './checkbox.module.css';

interface CheckboxProps {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean | undefined;
  /** Why the box cannot be changed. It is shown below the label, and the box stays in the tab order. */
  obstacle?: string | undefined;
}

export function Checkbox({ label, checked, onChange, disabled, obstacle }: CheckboxProps) {
  const obstacleId = useId();
  return (
    <label className={styles.checkbox}>
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-label={label}
        aria-disabled={obstacle !== undefined || undefined}
        aria-describedby={obstacle && obstacleId}
        onChange={(event) => {
          if (obstacle === undefined) onChange(event.target.checked);
        }}
      />
      <span>
        {label}
        {obstacle && (
          <span id={obstacleId} className={styles.obstacle}>
            {obstacle}
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
    <fieldset className={styles.group} aria-describedby={error && errorId}>
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
