import { useState } from 'react';
import type { NamedPrincipal } from '../../../contract/access/schema.ts';
import { principalType } from '../../../contract/restriction-policies/constants.ts';
import { errorMessages } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { MultiCombobox } from '../../ui/combobox.tsx';
import type { Draft } from './policy-draft.ts';
import { messages } from './messages.ts';
import styles from './permissions-dialog.module.css';
import { addressOf, PrincipalIcon } from './principal-names.tsx';
import { usePrincipalSearch } from './queries.ts';

/** Kinds of principals that can be added, in the order of the groups. */
const KINDS = ['role', 'team', 'user'] as const;

interface PrincipalPickerProps {
  /** Element id of the drop-down's button. */
  id: string;
  orgId: string;
  draft: Draft;
  /** Principals that are selected but not added yet. */
  chosen: readonly NamedPrincipal[];
  onChoose: (chosen: NamedPrincipal[]) => void;
  onAdd: () => void;
}

/** A drop-down of the organization's roles, teams, and users, and the button that adds the selected ones. */
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
      obstacle: relation && messages.alreadyHas(relation),
    };
  }

  function noteOf(): string | undefined {
    if (found.isError) return errorMessages(found.error).join(' ');
    return found.data?.has_more ? messages.pickerMore : undefined;
  }

  return (
    <div className={styles.picker}>
      <MultiCombobox
        id={id}
        label={messages.pickerLabel}
        placeholder={messages.pickerPlaceholder}
        searchLabel={messages.pickerSearch}
        emptyText={found.isError ? '' : messages.pickerEmpty}
        groups={KINDS.map((kind) => ({
          label: messages.groups[kind],
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
      <Button obstacle={chosen.length === 0 ? messages.addObstacle : undefined} onClick={onAdd}>
        {messages.add}
      </Button>
    </div>
  );
}
