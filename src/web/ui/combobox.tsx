import * as Popover from '@radix-ui/react-popover';
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { classNames } from './class-names.ts';
import styles from './combobox.module.css';
import fieldStyles from './field.module.css';
import { ChevronDownIcon } from 'lucide-react';
import { type ComboboxOption, type OptionGroup, OptionList } from './option-list.tsx';

// No native element is a drop-down with a search field: the role is that of the ARIA pattern "combobox".
/* oxlint-disable jsx-a11y/prefer-tag-over-role */

interface ComboboxProps {
  label: string;
  placeholder: string;
  searchLabel: string;
  /** Shown if no option matches the search. */
  emptyText: string;
  options: readonly ComboboxOption[];
  value: string | undefined;
  onChange: (id: string) => void;
  error?: string | undefined;
}

/** A drop-down with a search field, to select one of many options that are already loaded. */
export function Combobox({ options, value, onChange, ...props }: ComboboxProps) {
  const [search, setSearch] = useState('');
  const chosen = options.find((option) => option.id === value);
  return (
    <DropDown {...props} shown={chosen?.label} onOpenChange={() => setSearch('')}>
      {(close) => (
        <OptionList
          {...props}
          groups={[{ options: options.filter((option) => includesFolded(option.label, search)) }]}
          chosen={value === undefined ? [] : [value]}
          search={search}
          onSearch={setSearch}
          onChoose={({ id }) => {
            onChange(id);
            close();
          }}
        />
      )}
    </DropDown>
  );
}

interface MultiComboboxProps {
  /** Element id of the button. */
  id?: string;
  label: string;
  placeholder: string;
  searchLabel: string;
  emptyText: string;
  /** Options that match the search. */
  groups: readonly OptionGroup[];
  search: string;
  onSearch: (search: string) => void;
  /** The options belong to an earlier search. */
  searching: boolean;
  /** Shown below the options. */
  note?: string | undefined;
  value: readonly ComboboxOption[];
  onChange: (chosen: ComboboxOption[]) => void;
}

/** Like {@link Combobox}, to select several options in groups, with a search of the caller's. It stays open. */
export function MultiCombobox({ value, onChange, ...props }: MultiComboboxProps) {
  const shown = value.map(({ label }) => label).join(', ');
  return (
    <DropDown {...props} shown={shown || undefined} onOpenChange={() => props.onSearch('')}>
      {() => (
        <OptionList
          {...props}
          several
          chosen={value.map(({ id }) => id)}
          onChoose={(option) => {
            const others = value.filter(({ id }) => id !== option.id);
            onChange(others.length < value.length ? others : [...value, option]);
          }}
        />
      )}
    </DropDown>
  );
}

interface DropDownProps {
  id?: string | undefined;
  label: string;
  placeholder: string;
  /** Labels of the selected options. */
  shown: string | undefined;
  error?: string | undefined;
  onOpenChange: () => void;
  /** Renders the list, which may close the drop-down. */
  children: (close: () => void) => ReactNode;
}

/** The button that shows the selected options, and the list below it. */
function DropDown({ id: givenId, label, placeholder, shown, error, onOpenChange, children }: DropDownProps) {
  const [open, setOpen] = useState(false);
  const ownId = useId();
  const id = givenId ?? ownId;

  function change(opens: boolean) {
    setOpen(opens);
    onOpenChange();
  }

  function openByArrow(event: KeyboardEvent) {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    change(true);
  }

  return (
    <div className={fieldStyles.field}>
      <label id={`${id}-label`} className={fieldStyles.label} htmlFor={id}>
        {label}
      </label>
      <Popover.Root open={open} onOpenChange={change}>
        <Popover.Trigger asChild>
          <button
            type="button"
            id={id}
            role="combobox"
            aria-expanded={open}
            aria-controls={`${id}-popover`}
            aria-labelledby={`${id}-label`}
            aria-invalid={error !== undefined}
            aria-describedby={error && `${id}-error`}
            className={classNames(fieldStyles.control, styles.trigger)}
            onKeyDown={openByArrow}
          >
            <span className={shown === undefined ? styles.placeholder : styles.value}>
              {shown ?? placeholder}
            </span>
            <ChevronDownIcon />
          </button>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            id={`${id}-popover`}
            className={styles.popover}
            sideOffset={4}
            collisionPadding={8}
            aria-label={label}
          >
            {children(() => change(false))}
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {error && (
        <p id={`${id}-error`} className={fieldStyles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** Returns whether a text contains another, ignoring case and accents. */
function includesFolded(text: string, part: string): boolean {
  return fold(text).includes(fold(part.trim()));
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase();
}
