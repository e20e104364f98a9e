import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { classNames } from './class-names.ts';
import fieldStyles from './field.module.css';
import { Spinner } from './spinner.tsx';
import styles from './suggest-field.module.css';

// No native element suggests parts of a text: the roles are those of the ARIA pattern "combobox".
/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-element-to-interactive-role */

/** Part of a text that a suggestion replaces. */
export interface Token {
  text: string;
  from: number;
  to: number;
}

export interface Suggestion {
  /** Text that replaces the token. */
  value: string;
  /** Shown beside the value. */
  detail?: string | undefined;
}

interface SuggestFieldProps {
  label: string;
  /** Only screen readers get the label. */
  labelHidden?: boolean;
  placeholder?: string;
  value: string;
  onChange: (value: string) => void;
  /** Returns the part of a text that a suggestion replaces, with the caret at an offset. */
  tokenAt: (text: string, caret: number) => Token;
  /** Called with the token at the caret, and with undefined when no suggestions are needed. */
  onToken: (token: Token | undefined) => void;
  /** Suggestions for that token. */
  suggestions: readonly Suggestion[];
  /** The suggestions belong to an earlier token. */
  searching?: boolean;
  /** Error in the value. */
  error?: string | undefined;
  monospace?: boolean;
}

/** A text field that suggests how to continue. Arrow keys select a suggestion, Enter or Tab takes it, Esc closes the list. */
export function SuggestField(props: SuggestFieldProps) {
  const { label, labelHidden, placeholder, value, suggestions, searching = false, error, monospace } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { isOpen, active, setActive, take, close, follow, onKeyDown } = useSuggestions(input, props);

  return (
    <div className={classNames(fieldStyles.field, styles.field)}>
      <label className={labelHidden ? 'visually-hidden' : fieldStyles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.anchor}>
        <input
          ref={input}
          id={id}
          role="combobox"
          aria-expanded={isOpen}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && active >= 0 ? `${id}-${active}` : undefined}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={error && `${id}-error`}
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          className={classNames(fieldStyles.control, monospace && styles.monospace)}
          value={value}
          onChange={({ target }) => {
            props.onChange(target.value);
            follow(target);
          }}
          onClick={({ currentTarget }) => follow(currentTarget)}
          onBlur={close}
          onKeyDown={onKeyDown}
        />
        {searching && <Spinner />}
        <ul
          id={`${id}-list`}
          role="listbox"
          aria-label={label}
          className={styles.list}
          hidden={!isOpen || suggestions.length === 0}
        >
          {suggestions.map((suggestion, index) => (
            <li
              key={suggestion.value}
              id={`${id}-${index}`}
              ref={index === active ? scrollIntoView : undefined}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              className={styles.option}
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => setActive(index)}
              onClick={() => take(suggestion)}
              onKeyDown={onKeyDown}
            >
              <span className={styles.value}>{suggestion.value}</span>
              {suggestion.detail && <span className={styles.detail}>{suggestion.detail}</span>}
            </li>
          ))}
        </ul>
      </div>
      {error && (
        <p id={`${id}-error`} className={fieldStyles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** The open list and its active suggestion: the one that the arrow keys move. At first there is none. */
function useSuggestions(
  input: RefObject<HTMLInputElement | null>,
  { value, suggestions, tokenAt, onToken, onChange }: SuggestFieldProps,
) {
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  /** Where the caret belongs after a suggestion was taken. */
  const caret = useRef<number>(undefined);

  useEffect(() => {
    if (caret.current === undefined) return;
    input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = undefined;
  });

  function follow({ value: text, selectionStart }: HTMLInputElement) {
    setOpen(true);
    setActive(-1);
    onToken(tokenAt(text, selectionStart ?? text.length));
  }

  function close() {
    setOpen(false);
    setActive(-1);
    onToken(undefined);
  }

  function take(suggestion: Suggestion) {
    const { from, to } = tokenAt(value, input.current?.selectionStart ?? value.length);
    caret.current = from + suggestion.value.length;
    onChange(value.slice(0, from) + suggestion.value + value.slice(to));
    close();
  }

  function onKeyDown(event: KeyboardEvent) {
    const count = suggestions.length;
    const chosen = isOpen ? suggestions[active] : undefined;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!isOpen && input.current) follow(input.current);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (count > 0) setActive(active < 0 && step < 0 ? count - 1 : (active + step + count) % count);
    } else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      close();
    } else if (event.key === 'Escape' && isOpen) {
      event.stopPropagation();
      close();
    }
  }

  return { isOpen, active, setActive, take, close, follow, onKeyDown };
}

function scrollIntoView(element: HTMLElement | null) {
  element?.scrollIntoView({ block: 'nearest' });
}
