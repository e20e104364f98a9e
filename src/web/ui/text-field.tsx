import { type ComponentProps, useId } from 'react';
import { classNames } from './class-names.ts';
import styles from './field.module.css';
import { SearchIcon } from './icons.tsx';

interface TextFieldProps extends ComponentProps<'input'> {
  label: string;
  /** What is worth knowing before one types. */
  hint?: string;
  /** What is wrong with the value. */
  error?: string | undefined;
}

export function TextField({ label, hint, error, ...props }: TextFieldProps) {
  const id = useId();
  const hintId = useId();
  const errorId = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        type="text"
        {...props}
        className={styles.control}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={classNames(hint && hintId, error && errorId) || undefined}
      />
      {hint !== undefined && (
        <p id={hintId} className={styles.hint}>
          {hint}
        </p>
      )}
      {error && (
        <p id={errorId} className={styles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

interface SearchFieldProps {
  id?: string;
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}

/** A text filter. Its label is there for screen readers; the placeholder and the glass say it to the eye. */
export function SearchField({ id, label, placeholder, value, onChange }: SearchFieldProps) {
  return (
    <div className={styles.search}>
      <SearchIcon />
      <input
        id={id}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        className={classNames(styles.control, styles.searchInput)}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
