import * as Popover from '@radix-ui/react-popover';
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { classNames } from './class-names.ts';
import styles from './combobox.module.css';
import fieldStyles from './field.module.css';
import { CheckIcon, ChevronDownIcon, SearchIcon } from 'lucide-react';
import { Spinner } from './spinner.tsx';

// No native element is a drop-down with a search field: the roles are those of the ARIA pattern "combobox".
/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-element-to-interactive-role */

export interface ComboboxOption {
  id: string;
  label: string;
  /** What tells it from others of the same name. */
  detail?: string | undefined;
  icon?: ReactNode;
  /** Why it cannot be chosen. It stays in the list, where the keyboard reaches it and its reason is read. */
  obstacle?: string | undefined;
}

interface ComboboxProps {
  label: string;
  placeholder: string;
  searchLabel: string;
  /** What to say when nothing matches the search. */
  emptyText: string;
  options: readonly ComboboxOption[];
  value: string | undefined;
  onChange: (id: string) => void;
  error?: string | undefined;
}

/** A drop-down with a search field on top, for choosing one of many that are all at hand. */
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
  /** Of the button, for whoever moves the focus there. */
  id?: string;
  label: string;
  placeholder: string;
  searchLabel: string;
  emptyText: string;
  /** What matches the search, as whoever searches has found it. */
  groups: readonly OptionGroup[];
  search: string;
  onSearch: (search: string) => void;
  /** What was found belongs to an earlier search: the present one is under way. */
  searching: boolean;
  /** Said below the options: that there are others, or that the search failed. */
  note?: string | undefined;
  value: readonly ComboboxOption[];
  onChange: (chosen: ComboboxOption[]) => void;
}

interface OptionGroup {
  label?: string;
  options: readonly ComboboxOption[];
}

/** Like {@link Combobox}, for choosing several, in groups, of more than can be at hand. It stays open meanwhile. */
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
  /** What is chosen, in words. */
  shown: string | undefined;
  error?: string | undefined;
  onOpenChange: () => void;
  /** The list, which may close the drop-down. */
  children: (close: () => void) => ReactNode;
}

/** The button that shows what is chosen, and the list under it. */
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

interface OptionListProps {
  searchLabel: string;
  emptyText: string;
  groups: readonly OptionGroup[];
  /** The ids of what is chosen. */
  chosen: readonly string[];
  several?: boolean;
  search: string;
  onSearch: (search: string) => void;
  searching?: boolean;
  note?: string | undefined;
  onChoose: (option: ComboboxOption) => void;
}

function OptionList({
  searchLabel,
  emptyText,
  groups,
  chosen,
  several,
  search,
  onSearch,
  searching = false,
  note,
  onChoose,
}: OptionListProps) {
  const id = useId();
  const options = groups.flatMap((group) => group.options);
  const [activeId, setActiveId] = useState(chosen[0]);
  const firstFree = options.findIndex((option) => option.obstacle === undefined);
  const knownIndex = options.findIndex((option) => option.id === activeId);
  const activeIndex = Math.max(knownIndex >= 0 ? knownIndex : firstFree, 0);
  const active = options[activeIndex];

  function choose(option: ComboboxOption | undefined) {
    if (!option || option.obstacle !== undefined) return;
    setActiveId(option.id);
    onChoose(option);
  }

  function onKeyDown(event: KeyboardEvent) {
    const last = options.length - 1;
    const target = {
      ArrowDown: activeIndex === last ? 0 : activeIndex + 1,
      ArrowUp: activeIndex === 0 ? last : activeIndex - 1,
      PageDown: Math.min(activeIndex + 8, last),
      PageUp: Math.max(activeIndex - 8, 0),
    }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      setActiveId(options[target]?.id);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      // Of an earlier search, what stands first is not what was meant.
      if (!searching) choose(active);
    }
  }

  function renderOption(option: ComboboxOption) {
    const isChosen = chosen.includes(option.id);
    return (
      <li
        key={option.id}
        id={`${id}-${option.id}`}
        ref={option === active ? scrollIntoView : undefined}
        role="option"
        tabIndex={-1}
        aria-selected={isChosen}
        aria-disabled={option.obstacle !== undefined || undefined}
        className={styles.option}
        data-active={option === active || undefined}
        onPointerMove={() => setActiveId(option.id)}
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => choose(option)}
        onKeyDown={onKeyDown}
      >
        {option.icon}
        <span className={styles.optionText}>
          <span>
            {option.label}
            {option.detail && (
              <span className={styles.detail}>
                <span className="visually-hidden">, </span>
                {option.detail}
              </span>
            )}
          </span>
          {option.obstacle && <span className={styles.obstacle}>{option.obstacle}</span>}
        </span>
        {isChosen && <CheckIcon />}
      </li>
    );
  }

  return (
    <>
      <div className={styles.search}>
        <SearchIcon />
        <input
          role="combobox"
          aria-label={searchLabel}
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls={`${id}-list`}
          aria-activedescendant={active && `${id}-${active.id}`}
          autoComplete="off"
          spellCheck={false}
          placeholder={searchLabel}
          className={styles.searchInput}
          value={search}
          onChange={(event) => {
            onSearch(event.target.value);
            setActiveId(undefined);
          }}
          onKeyDown={onKeyDown}
        />
        {searching && <Spinner />}
      </div>
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label={searchLabel}
        aria-multiselectable={several}
        aria-busy={searching || undefined}
        className={styles.list}
      >
        {groups.map((group, index) =>
          group.label === undefined ? (
            group.options.map(renderOption)
          ) : (
            <li key={group.label} role="presentation">
              <span id={`${id}-group-${index}`} className={styles.groupLabel} aria-hidden="true">
                {group.label}
              </span>
              <ul role="group" aria-labelledby={`${id}-group-${index}`}>
                {group.options.map(renderOption)}
              </ul>
            </li>
          ),
        )}
      </ul>
      <output className={options.length > 0 || searching ? 'visually-hidden' : styles.empty}>
        {options.length === 0 && !searching && emptyText}
      </output>
      <output className={note ? styles.note : 'visually-hidden'}>{note}</output>
    </>
  );
}

function scrollIntoView(element: HTMLElement | null) {
  element?.scrollIntoView({ block: 'nearest' });
}

/** Whether a text contains another, whatever their case and accents. */
function includesFolded(text: string, part: string): boolean {
  return fold(text).includes(fold(part.trim()));
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase();
}
