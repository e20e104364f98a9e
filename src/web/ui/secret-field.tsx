import { useEffect, useId, useRef, useState } from 'react';
import { Button } from './button.tsx';
import styles from './field.module.css';
import { CheckIcon, CopyIcon } from './icons.tsx';

interface SecretFieldProps {
  label: string;
  value: string;
  /** What to know of it, read with it. */
  note: string;
}

/** Something to be taken along: it has the focus, and is selected, as soon as it is there. */
export function SecretField({ label, value, note }: SecretFieldProps) {
  const id = useId();
  const noteId = useId();
  const field = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState<'copied' | 'selected'>();

  useEffect(() => field.current?.focus(), []);

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
      setOutcome('copied');
    } catch {
      // Without permission, or without https, only the person can copy.
      field.current?.focus();
      setOutcome('selected');
    }
  }

  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.secret}>
        <input
          ref={field}
          id={id}
          type="text"
          readOnly
          spellCheck={false}
          autoComplete="off"
          value={value}
          className={styles.control}
          aria-describedby={noteId}
          onFocus={(event) => event.target.select()}
        />
        <Button onClick={() => void copy()}>
          {outcome === 'copied' ? <CheckIcon /> : <CopyIcon />}
          {outcome === 'copied' ? 'Copied' : 'Copy'}
        </Button>
      </div>
      <output className={styles.note}>
        {outcome === 'copied' && <span className="visually-hidden">Copied. </span>}
        {outcome === 'selected' &&
          'This browser does not let the page copy. It is selected: copy it yourself. '}
        <span id={noteId}>{note}</span>
      </output>
    </div>
  );
}
