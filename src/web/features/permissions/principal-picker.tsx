import { useState } from 'react';
import type { NamedPrincipal } from '../../../contract/access/schema.ts';
import { principalType } from '../../../contract/restriction-policies/constants.ts';
import { errorMessages } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { MultiCombobox } from '../../ui/combobox.tsx';
import type { Draft } from './policy-draft.ts';
import styles from './permissions-dialog.module.css';
import { ADDABLE_KINDS, addressOf, kindLabel, PrincipalIcon, RELATION_LABELS } from './principal-words.tsx';
import { usePrincipalSearch } from './queries.ts';

interface PrincipalPickerProps {
  /** Of the drop-down's button. */
  id: string;
  orgId: string;
  draft: Draft;
  /** Who is chosen and not added yet. */
  chosen: readonly NamedPrincipal[];
  onChoose: (chosen: NamedPrincipal[]) => void;
  onAdd: () => void;
}

/** A drop-down of the organization's roles, teams and users, several at once, and the button that adds them. */
export function PrincipalPicker({ id, orgId, draft, chosen, onChoose, onAdd }: PrincipalPickerProps) {
  const [search, setSearch] = useState('');
  const found = usePrincipalSearch(orgId, search);
  const principals = found.data?.principals ?? [];

  function toOption(named: NamedPrincipal) {
    const { principal, name } = named;
    const relation = draft?.get(principal);
    return {
      id: principal,
      label: name,
      detail: addressOf(named) || undefined,
      icon: <PrincipalIcon principal={principal} />,
      obstacle: relation && `Is ${RELATION_LABELS[relation]} already`,
    };
  }

  function noteOf(): string | undefined {
    if (found.isError) return errorMessages(found.error).join(' ');
    return found.data?.has_more ? 'More results available. Keep typing to narrow the list.' : undefined;
  }

  return (
    <div className={styles.picker}>
      <MultiCombobox
        id={id}
        label="Add roles, teams or users"
        placeholder="Select roles, teams, or users"
        searchLabel="Search roles, teams and users"
        emptyText={found.isError ? '' : 'Nothing in this organization has that name.'}
        groups={ADDABLE_KINDS.map((kind) => ({
          label: kindLabel(kind),
          options: principals.filter(({ principal }) => principalType(principal) === kind).map(toOption),
        })).filter(({ options }) => options.length > 0)}
        search={search}
        onSearch={setSearch}
        searching={found.isSearching}
        note={noteOf()}
        value={chosen.map(toOption)}
        onChange={(options) =>
          onChoose(
            options.flatMap(({ id: principal }) =>
              [...chosen, ...principals].filter((known) => known.principal === principal).slice(0, 1),
            ),
          )
        }
      />
      <Button obstacle={chosen.length === 0 ? 'Choose whom to add first' : undefined} onClick={onAdd}>
        Add
      </Button>
    </div>
  );
}
