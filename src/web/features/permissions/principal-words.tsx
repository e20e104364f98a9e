import type { NamedPrincipal } from '../../../contract/access.schema.ts';
import type { PrincipalType, Relation } from '../../../contract/restriction-policies.ts';
import { OrgIcon, PeopleIcon, PersonIcon, RoleIcon } from '../../ui/icons.tsx';
import type { Change } from './policy-draft.ts';

/** What people are called whom a policy may name, as far as the dialog knows. */
export type Names = ReadonlyMap<string, NamedPrincipal>;

export const RELATION_LABELS: Record<Relation, string> = { viewer: 'Viewer', editor: 'Editor' };

const KINDS: Record<PrincipalType, { one: string; many: string }> = {
  org: { one: 'Organization', many: 'Organizations' },
  role: { one: 'Role', many: 'Roles' },
  team: { one: 'Team', many: 'Teams' },
  user: { one: 'User', many: 'Users' },
};

/** The kinds that can be added, in the order in which the drop-down groups them. */
export const ADDABLE_KINDS = ['role', 'team', 'user'] as const;

export function kindLabel(type: PrincipalType): string {
  return KINDS[type].many;
}

/** "Platform"; of what has been deleted since, "A role that no longer exists". */
export function nameOf(principal: string, names: Names): string {
  return (
    names.get(principal)?.name ??
    `A ${kindOf(principal)?.one.toLowerCase() ?? 'principal'} that no longer exists`
  );
}

/** What is read below the name: "Role", "Team · platform", "User · sam@acme.example · disabled". */
export function detailOf(principal: string, names: Names): string {
  const named = names.get(principal);
  const all = principal.startsWith('org:') ? 'All members' : kindOf(principal)?.one;
  return [all, named?.detail, named?.inactive && INACTIVE[named.inactive]].filter(Boolean).join(' · ');
}

const INACTIVE = { Disabled: 'disabled: has no access', Pending: 'has not joined yet' };

export function PrincipalIcon({ principal }: { principal: string }) {
  if (principal.startsWith('org:')) return <OrgIcon />;
  if (principal.startsWith('role:')) return <RoleIcon />;
  if (principal.startsWith('team:')) return <PeopleIcon />;
  return <PersonIcon />;
}

/** "Platform added as Editor", "Reader: Viewer, now Editor", "Vito Viewer removed". */
export function changeWords({ principal, before, after }: Change, names: Names): string {
  const name = nameOf(principal, names);
  if (after === undefined) return `${name} removed`;
  if (before === undefined) return `${name} added as ${RELATION_LABELS[after]}`;
  return `${name}: ${RELATION_LABELS[before]}, now ${RELATION_LABELS[after]}`;
}

function kindOf(principal: string) {
  const [type] = principal.split(':', 1);
  return Object.entries(KINDS).find(([known]) => known === type)?.[1];
}
