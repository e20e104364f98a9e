import { CheckIcon, SearchIcon } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import styles from './combobox.module.css';
import { Spinner } from './spinner.tsx';

// No native element is a searchable list: the roles are those of the ARIA pattern "combobox".
/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-element-to-interactive-role */

export interface ComboboxOption {
  id: string;
  label: string;
  /** Distinguishes options with the same label. */
  detail?: string | undefined;
  icon?: ReactNode;
  /** Why the option cannot be selected. It stays reachable with the keyboard, so that the reason can be read. */
  obstacle?: string | undefined;
}

export interface OptionGroup {
  label?: string;
  options: readonly ComboboxOption[];
}

interface OptionListProps {
  searchLabel: string;
  /** Shown if no option matches the search. */
  emptyText: string;
  groups: readonly OptionGroup[];
  /** Ids of the selected options. */
  chosen: readonly string[];
  /** Several options can be selected. */
  several?: boolean;
  search: string;
  onSearch: (search: string) => void;
  /** The options belong to an earlier search. */
  searching?: boolean;
  /** Shown below the options. */
  note?: string | undefined;
  onChoose: (option: ComboboxOption) => void;
}

/** A search field, and the options that match. Focus stays in the field; the arrow keys move the active option. */
export function OptionList(props: OptionListProps) {
  const {
    searchLabel,
    emptyText,
    groups,
    chosen,
    several,
    search,
    onSearch,
    searching = false,
    note,
  } = props;
  const id = useId();
  const options = groups.flatMap((group) => group.options);
  const { active, setActiveId, choose, onKeyDown } = useActiveOption(options, props);

  function renderOption(option: ComboboxOption) {
    return (
      <Option
        key={option.id}
        id={`${id}-${option.id}`}
        option={option}
        isActive={option === active}
        isChosen={chosen.includes(option.id)}
        onActive={() => setActiveId(option.id)}
        onChoose={() => choose(option)}
        onKeyDown={onKeyDown}
      />
    );
  }

  return (
    <>
      <SearchInput
        label={searchLabel}
        value={search}
        searching={searching}
        listId={`${id}-list`}
        activeOptionId={active && `${id}-${active.id}`}
        onChange={(value) => {
          onSearch(value);
          setActiveId(undefined);
        }}
        onKeyDown={onKeyDown}
      />
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label={searchLabel}
        aria-multiselectable={several}
        aria-busy={searching || undefined}
        className={styles.list}
      >
        {groups.map(({ label, options: ofGroup }, index) =>
          label === undefined ? (
            ofGroup.map(renderOption)
          ) : (
            <Group key={label} id={`${id}-group-${index}`} label={label}>
              {ofGroup.map(renderOption)}
            </Group>
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

function Group({ id, label, children }: { id: string; label: string; children: ReactNode }) {
  return (
    <li role="presentation">
      <span id={id} className={styles.groupLabel} aria-hidden="true">
        {label}
      </span>
      <ul role="group" aria-labelledby={id}>
        {children}
      </ul>
    </li>
  );
}

interface SearchInputProps {
  label: string;
  value: string;
  searching: boolean;
  listId: string;
  activeOptionId: string | undefined;
  onChange: (value: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

function SearchInput(props: SearchInputProps) {
  const { label, value, searching, listId, activeOptionId, onChange, onKeyDown } = props;
  return (
    <div className={styles.search}>
      <SearchIcon />
      <input
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={listId}
        aria-activedescendant={activeOptionId}
        autoComplete="off"
        spellCheck={false}
        placeholder={label}
        className={styles.searchInput}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {searching && <Spinner />}
    </div>
  );
}

const PAGE = 8;

/** The active option: the one that the keyboard moves and Enter selects. At first the selected, or the first available one. */
function useActiveOption(
  options: readonly ComboboxOption[],
  { chosen, searching, onChoose }: Pick<OptionListProps, 'chosen' | 'searching' | 'onChoose'>,
) {
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
      PageDown: Math.min(activeIndex + PAGE, last),
      PageUp: Math.max(activeIndex - PAGE, 0),
    }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      setActiveId(options[target]?.id);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      // While searching, the first option is not the one that was searched for.
      if (!searching) choose(active);
    }
  }

  return { active, setActiveId, choose, onKeyDown };
}

interface OptionProps {
  id: string;
  option: ComboboxOption;
  isActive: boolean;
  isChosen: boolean;
  onActive: () => void;
  onChoose: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

function Option({ id, option, isActive, isChosen, onActive, onChoose, onKeyDown }: OptionProps) {
  return (
    <li
      id={id}
      ref={isActive ? scrollIntoView : undefined}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      aria-disabled={option.obstacle !== undefined || undefined}
      className={styles.option}
      data-active={isActive || undefined}
      onPointerMove={onActive}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onChoose}
      onKeyDown={onKeyDown}
    >
      {option.icon}
      <span className={styles.optionText}>
        <span>
          <span>{option.label}</span>
          {option.detail && (
            <span className={styles.detail}>
              <span className="visually-hidden">, </span>
              <span>{option.detail}</span>
            </span>
          )}
        </span>
        {option.obstacle && <span className={styles.obstacle}>{option.obstacle}</span>}
      </span>
      {isChosen && <CheckIcon />}
    </li>
  );
}

function scrollIntoView(element: HTMLElement | null) {
  element?.scrollIntoView({ block: 'nearest' });
}
