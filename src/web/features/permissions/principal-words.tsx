import type { ReactNode } from 'react';
import type { NamedPrincipal } from '../../../contract/access/schema.ts';
import {
  type Principal,
  type PrincipalType,
  principalType,
  type Relation,
} from '../../../contract/restriction-policies/constants.ts';
import { OrgIcon, PeopleIcon, PersonIcon, RoleIcon } from '../../ui/icons.tsx';
import type { Change } from './policy-draft.ts';

/** What people are called whom a policy may name, as far as the dialog knows. */
export interface Names {
  known: ReadonlyMap<string, NamedPrincipal>;
  /** Whether whoever is not known has been deleted (`complete`), or is only not known yet, or cannot be. */
  status: 'pending' | 'complete' | 'failed';
}

export const RELATION_LABELS: Record<Relation, string> = { viewer: 'Viewer', editor: 'Editor' };

const KINDS: Record<PrincipalType, { one: string; many: string; icon: () => ReactNode }> = {
  org: { one: 'Organization', many: 'Organizations', icon: OrgIcon },
  role: { one: 'Role', many: 'Roles', icon: RoleIcon },
  team: { one: 'Team', many: 'Teams', icon: PeopleIcon },
  user: { one: 'User', many: 'Users', icon: PersonIcon },
};

/** The kinds that can be added, in the order in which the drop-down groups them. */
export const ADDABLE_KINDS = ['role', 'team', 'user'] as const;

export function kindLabel(type: PrincipalType): string {
  return KINDS[type].many;
}

/** "Platform"; of what has been deleted since, "A role that no longer exists". */
export function nameOf(principal: Principal, { known, status }: Names): string {
  const kind = KINDS[principalType(principal)].one.toLowerCase();
  return (
    known.get(principal)?.name ?? (status === 'complete' ? `A ${kind} that no longer exists` : `A ${kind}`)
  );
}

/** What is read below the name: "Role", "Team · platform", "User · sam@acme.example · has not joined yet". */
export function detailOf(principal: Principal, { known }: Names): string {
  const kind = principalType(principal);
  const named = known.get(principal);
  return [kind === 'org' ? 'All members' : KINDS[kind].one, named && addressOf(named)]
    .filter(Boolean)
    .join(' · ');
}

/** A team's handle, or a user's e-mail and why they can do nothing now. */
export function addressOf({ detail, inactive }: NamedPrincipal): string {
  return [detail, inactive && INACTIVE[inactive]].filter(Boolean).join(' · ');
}

const INACTIVE = { Disabled: 'disabled: has no access', Pending: 'has not joined yet' };

export function PrincipalIcon({ principal }: { principal: Principal }) {
  const Icon = KINDS[principalType(principal)].icon;
  return <Icon />;
}

/** "Platform added as Editor", "Reader: Viewer, now Editor", "Vito Viewer removed". */
export function changeWords({ principal, before, after }: Change, names: Names): string {
  const name = nameOf(principal, names);
  if (after === undefined) return `${name} removed`;
  if (before === undefined) return `${name} added as ${RELATION_LABELS[after]}`;
  return `${name}: ${RELATION_LABELS[before]}, now ${RELATION_LABELS[after]}`;
}
