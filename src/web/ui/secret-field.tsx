import { useEffect, useId, useRef, useState } from 'react';
import { Button } from './button.tsx';
import styles from './field.module.css';
import { CheckIcon, CopyIcon } from 'lucide-react';
import { messages } from './messages.ts';

interface SecretFieldProps {
  label: string;
  value: string;
  /** Shown below the field, and read with it. */
  note: string;
}

/** A value to copy. It is focused and selected when it appears. */
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
      // Without permission or HTTPS, the page cannot copy.
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
          {outcome === 'copied' ? messages.copied : messages.copy}
        </Button>
      </div>
      <output className={styles.note}>
        {outcome === 'copied' && <span className="visually-hidden">{messages.copiedAnnouncement}</span>}
        {outcome === 'selected' && <span>{messages.copyByHand}</span>} <span id={noteId}>{note}</span>
      </output>
    </div>
  );
}
