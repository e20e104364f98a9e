import * as Popover from '@radix-ui/react-popover';
import { type KeyboardEvent, useId, useState } from 'react';
import { classNames } from './class-names.ts';
import styles from './combobox.module.css';
import fieldStyles from './field.module.css';
import { CheckIcon, ChevronIcon, SearchIcon } from './icons.tsx';

// No native element is a drop-down with a search field: the roles are those of the ARIA pattern "combobox".
/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-element-to-interactive-role */

export interface ComboboxOption {
  id: string;
  label: string;
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

/** A drop-down with a search field on top, for choosing one of many. */
export function Combobox(props: ComboboxProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const chosen = props.options.find((option) => option.id === props.value);

  function openByArrow(event: KeyboardEvent) {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    setOpen(true);
  }

  return (
    <div className={fieldStyles.field}>
      <label id={`${id}-label`} className={fieldStyles.label} htmlFor={id}>
        {props.label}
      </label>
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger asChild>
          <button
            type="button"
            id={id}
            role="combobox"
            aria-expanded={open}
            aria-controls={`${id}-popover`}
            aria-labelledby={`${id}-label`}
            aria-invalid={props.error !== undefined}
            aria-describedby={props.error && `${id}-error`}
            className={classNames(fieldStyles.control, styles.trigger)}
            onKeyDown={openByArrow}
          >
            <span className={chosen ? styles.value : styles.placeholder}>
              {chosen?.label ?? props.placeholder}
            </span>
            <ChevronIcon />
          </button>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            id={`${id}-popover`}
            className={styles.popover}
            sideOffset={4}
            collisionPadding={8}
            aria-label={props.label}
          >
            <OptionList
              {...props}
              onChoose={(option) => {
                props.onChange(option.id);
                setOpen(false);
              }}
            />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {props.error && (
        <p id={`${id}-error`} className={fieldStyles.error} role="alert">
          {props.error}
        </p>
      )}
    </div>
  );
}

interface OptionListProps extends ComboboxProps {
  onChoose: (option: ComboboxOption) => void;
}

function OptionList({ searchLabel, emptyText, options, value, onChoose }: OptionListProps) {
  const id = useId();
  const [search, setSearch] = useState('');
  const matching = options.filter((option) => includesFolded(option.label, search));
  const [activeId, setActiveId] = useState(value);
  const firstFree = matching.findIndex((option) => option.obstacle === undefined);
  const chosenIndex = matching.findIndex((option) => option.id === activeId);
  const activeIndex = Math.max(chosenIndex >= 0 ? chosenIndex : firstFree, 0);
  const active = matching[activeIndex];

  function choose(option: ComboboxOption | undefined) {
    if (option && option.obstacle === undefined) onChoose(option);
  }

  function onKeyDown(event: KeyboardEvent) {
    const last = matching.length - 1;
    const target = {
      ArrowDown: activeIndex === last ? 0 : activeIndex + 1,
      ArrowUp: activeIndex === 0 ? last : activeIndex - 1,
      PageDown: Math.min(activeIndex + 8, last),
      PageUp: Math.max(activeIndex - 8, 0),
    }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      setActiveId(matching[target]?.id);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(active);
    }
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
            setSearch(event.target.value);
            setActiveId(undefined);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul id={`${id}-list`} role="listbox" aria-label={searchLabel} className={styles.list}>
        {matching.map((option) => (
          <li
            key={option.id}
            id={`${id}-${option.id}`}
            ref={option === active ? scrollIntoView : undefined}
            role="option"
            tabIndex={-1}
            aria-selected={option.id === value}
            aria-disabled={option.obstacle !== undefined || undefined}
            className={styles.option}
            data-active={option === active || undefined}
            onPointerMove={() => setActiveId(option.id)}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(option)}
            onKeyDown={onKeyDown}
          >
            <span className={styles.optionText}>
              <span>{option.label}</span>
              {option.obstacle && <span className={styles.obstacle}>{option.obstacle}</span>}
            </span>
            {option.id === value && <CheckIcon />}
          </li>
        ))}
      </ul>
      <output className={matching.length > 0 ? 'visually-hidden' : styles.empty}>
        {matching.length === 0 && emptyText}
      </output>
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
