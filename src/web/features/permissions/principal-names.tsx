import type { NamedPrincipal } from '../../../contract/access/schema.ts';
import {
  type Principal,
  type PrincipalType,
  principalType,
} from '../../../contract/restriction-policies/constants.ts';
import { Building2Icon, ShieldCheckIcon, UserIcon, UsersIcon, type LucideIcon } from 'lucide-react';
import { messages } from './messages.ts';
import type { Change } from './policy-draft.ts';

/** Names of principals, as far as the dialog knows them. */
export interface Names {
  known: ReadonlyMap<string, NamedPrincipal>;
  /** A principal that is not known was deleted (`complete`), is still loading (`pending`), or cannot be loaded (`failed`). */
  status: 'pending' | 'complete' | 'failed';
}

const ICONS: Record<PrincipalType, LucideIcon> = {
  org: Building2Icon,
  role: ShieldCheckIcon,
  team: UsersIcon,
  user: UserIcon,
};

/** Returns "Platform", or "A role that no longer exists" for a deleted principal. */
export function nameOf(principal: Principal, { known, status }: Names): string {
  const unknown = status === 'complete' ? messages.deletedPrincipals : messages.unnamedPrincipals;
  return known.get(principal)?.name ?? unknown[principalType(principal)];
}

/** Returns the text below the name: "Role", "Team · platform", "User · sam@acme.example · has not joined yet". */
export function detailOf(principal: Principal, { known }: Names): string {
  const named = known.get(principal);
  return [messages.kinds[principalType(principal)], named && addressOf(named)].filter(Boolean).join(' · ');
}

/** Returns a team's handle, or a user's email and why they have no access now. */
export function addressOf({ detail, inactive }: NamedPrincipal): string {
  return [detail, inactive && messages.inactive[inactive]].filter(Boolean).join(' · ');
}

export function PrincipalIcon({ principal }: { principal: Principal }) {
  const Icon = ICONS[principalType(principal)];
  return <Icon />;
}

/** Returns "Platform added as Editor", "Reader: Viewer, now Editor", or "Vito Viewer removed". */
export function describeChange({ principal, before, after }: Change, names: Names): string {
  const name = nameOf(principal, names);
  if (after === undefined) return messages.removed(name);
  if (before === undefined) return messages.added(name, after);
  return messages.changed(name, before, after);
}
