import { type ComponentProps, useId } from 'react';
import { classNames } from './class-names.ts';
import styles from './field.module.css';
import { SearchIcon } from 'lucide-react';

interface TextFieldProps extends ComponentProps<'input'> {
  label: string;
  /** Only screen readers get the label. */
  labelHidden?: boolean;
  /** Help for filling in the field. */
  hint?: string | undefined;
  /** Error in the value. */
  error?: string | undefined;
}

export function TextField({ label, labelHidden, hint, error, ...props }: TextFieldProps) {
  const id = useId();
  const hintId = useId();
  const errorId = useId();
  return (
    <div className={styles.field}>
      <label className={labelHidden ? 'visually-hidden' : styles.label} htmlFor={id}>
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

/** A text filter. Its label is for screen readers; its icon and placeholder are visible. */
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
        // The filter works while typing; in a form, Enter would submit the form.
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.preventDefault();
        }}
      />
    </div>
  );
}
