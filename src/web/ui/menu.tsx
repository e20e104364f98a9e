import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { classNames } from './class-names.ts';
import { CheckIcon } from 'lucide-react';
import { ignoreSpaceRelease, useMenuKeys } from './menu-keys.ts';
import styles from './menu.module.css';

// A menu of actions has no native element: the roles are those of the ARIA pattern "menu button".
/* oxlint-disable jsx-a11y/prefer-tag-over-role */

interface MenuProps {
  /** Accessible name of the menu. */
  label: string;
  /** Content of the button. Its text should be the label too. */
  button: ReactNode;
  buttonClass: string;
  align?: 'start' | 'end';
  /** Elements with `menuItem(...)`, choices, headings and separators. */
  children: ReactNode;
}

type Focus = 'menu' | 'first' | 'last';

/** A button that opens a menu. Keyboard: arrow keys, Home, End, letters, Esc and Tab. */
export function Menu({ label, button, buttonClass, align = 'start', children }: MenuProps) {
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState<Focus>();

  useEffect(() => {
    if (open === undefined) return undefined;
    function closeOutside({ target }: PointerEvent) {
      if (!(target instanceof Node && root.current?.contains(target))) setOpen(undefined);
    }
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [open]);

  function close() {
    setOpen(undefined);
    trigger.current?.focus();
  }

  function openByArrow(event: KeyboardEvent) {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    setOpen(event.key === 'ArrowDown' ? 'first' : 'last');
  }

  return (
    <div
      ref={root}
      className={styles.anchor}
      onBlur={({ relatedTarget }) => {
        if (relatedTarget && !root.current?.contains(relatedTarget)) setOpen(undefined);
      }}
    >
      <button
        ref={trigger}
        type="button"
        className={buttonClass}
        aria-haspopup="menu"
        aria-expanded={open !== undefined}
        onKeyDown={openByArrow}
        // Without a pointer, `detail` is 0: Enter or Space was pressed.
        onClick={({ detail }) => setOpen(open ? undefined : detail === 0 ? 'first' : 'menu')}
      >
        {button}
      </button>
      {open && (
        <MenuList label={label} align={align} focus={open} onClose={close}>
          {children}
        </MenuList>
      )}
    </div>
  );
}

interface MenuListProps {
  label: string;
  align: 'start' | 'end';
  focus: Focus;
  /** Closes the menu and moves focus to its button. */
  onClose: () => void;
  children: ReactNode;
}

function MenuList({ label, align, focus, onClose, children }: MenuListProps) {
  const list = useRef<HTMLDivElement>(null);
  const { moveTo, onKeyDown } = useMenuKeys(list, onClose);
  const [firstFocus] = useState(focus);

  useEffect(() => {
    if (firstFocus === 'menu') list.current?.focus();
    else moveTo(firstFocus);
    // Only when the menu opens.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);

  return (
    <div
      ref={list}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      className={classNames(styles.menu, styles[align])}
      onKeyDown={onKeyDown}
      onKeyUp={ignoreSpaceRelease}
      onPointerMove={({ target }) => {
        if (target instanceof Element)
          target.closest<HTMLElement>('[role^="menuitem"]')?.focus({ preventScroll: true });
      }}
      onClick={({ target }) => {
        if (target instanceof Element && target.closest('[role="menuitem"]')) onClose();
      }}
    >
      {children}
    </div>
  );
}

/** Props that make a link or a button an item of a menu. */
export function menuItem(isCurrent = false) {
  return {
    role: 'menuitem',
    tabIndex: -1,
    className: styles.item,
    'aria-current': isCurrent || undefined,
  } as const;
}

interface MenuChoiceProps<Value extends string> {
  label: string;
  options: readonly { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
}

/** Radio items of a menu. The menu stays open. */
export function MenuChoice<Value extends string>({
  label,
  options,
  value,
  onChange,
}: MenuChoiceProps<Value>) {
  return (
    <div role="group" aria-label={label}>
      <div className={styles.label} aria-hidden="true">
        {label}
      </div>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="menuitemradio"
          tabIndex={-1}
          aria-checked={option.value === value}
          className={styles.item}
          onClick={() => onChange(option.value)}
        >
          <span>{option.label}</span>
          {option.value === value && <MenuMark />}
        </button>
      ))}
    </div>
  );
}

export function MenuHeading({ children }: { children: ReactNode }) {
  return <div className={styles.heading}>{children}</div>;
}

export function MenuSeparator() {
  return <hr className={styles.separator} />;
}

/** The mark beside the current item. */
export function MenuMark() {
  return (
    <span className={styles.indicator}>
      <CheckIcon />
    </span>
  );
}
