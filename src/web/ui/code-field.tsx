import { CheckIcon, CopyIcon } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import styles from './field.module.css';
import { messages } from './messages.ts';

interface CodeFieldProps {
  label: string;
  value: string;
  /** Undefined: the text can only be read. */
  onChange?: (value: string) => void;
  error?: string | undefined;
  rows: number;
}

/** Several lines of code, with a button that copies them. */
export function CodeField({ label, value, onChange, error, rows }: CodeFieldProps) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [outcome, setOutcome] = useState<{ of: string; isCopied: boolean }>();
  const isCopied = outcome?.of === value && outcome.isCopied;
  const mustCopyByHand = outcome?.of === value && !outcome.isCopied;

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
      setOutcome({ of: value, isCopied: true });
    } catch {
      // Without permission or HTTPS, the page cannot copy.
      area.current?.focus();
      area.current?.select();
      setOutcome({ of: value, isCopied: false });
    }
  }

  return (
    <div className={styles.field}>
      <div className={styles.codeHeader}>
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
        <Button variant="quiet" onClick={() => void copy()}>
          {isCopied ? <CheckIcon /> : <CopyIcon />}
          {isCopied ? messages.copied : messages.copy}
        </Button>
      </div>
      <textarea
        ref={area}
        id={id}
        rows={rows}
        className={classNames(styles.control, styles.code)}
        spellCheck={false}
        autoComplete="off"
        readOnly={onChange === undefined}
        value={value}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={error && `${id}-error`}
        onChange={({ target }) => onChange?.(target.value)}
      />
      {error && (
        <p id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </p>
      )}
      <output className={mustCopyByHand ? styles.note : 'visually-hidden'}>
        {isCopied && messages.copiedAnnouncement}
        {mustCopyByHand && messages.copyByHand}
      </output>
    </div>
  );
}
