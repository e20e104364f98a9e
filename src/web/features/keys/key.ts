import type { ApiKey, ApplicationKey } from '../../../contract/keys/schema.ts';
import { PATHS } from '../../../contract/paths.ts';
import {
  isPermissionName,
  PERMISSIONS,
  type PermissionName,
} from '../../../contract/permissions/constants.ts';

/** What the console has to know of the two kinds of keys. */
export const KINDS = {
  application: {
    noun: 'application key',
    path: PATHS.applicationKeys,
    permission: 'user_app_keys',
    /** Asked for beside the keys: an application key is always its reader's own. */
    include: '',
    /** What no longer works once a key is revoked. */
    consequence: 'Programs using this key will stop working immediately.',
  },
  api: {
    noun: 'API key',
    path: PATHS.apiKeys,
    permission: 'api_keys_write',
    include: 'created_by',
    consequence:
      'Programs that send this key are refused from then on, whatever application key they send with it.',
  },
} as const satisfies Record<string, { permission: PermissionName; [member: string]: string }>;

export type KeyKind = keyof typeof KINDS;

/** A key as the console shows it: never the secret. */
export interface Key {
  kind: KeyKind;
  id: string;
  name: string;
  last4: string;
  /** What an application key is narrowed to; none: all that its user may do. */
  scopes: readonly PermissionName[];
  createdAt: string;
  /** Undefined where nobody did: the key was there with the organization. */
  createdBy?: string | undefined;
  lastUsedAt: string | null;
}

export function toApplicationKey({ id, attributes }: ApplicationKey): Key {
  return {
    kind: 'application',
    id,
    name: attributes.name,
    last4: attributes.last4,
    scopes: (attributes.scopes ?? []).filter(isPermissionName),
    createdAt: attributes.created_at,
    lastUsedAt: attributes.last_used_at,
  };
}

/** @param nameOf the name of a user, by id */
export function toApiKey(
  { id, attributes, relationships }: ApiKey,
  nameOf: (userId: string) => string | undefined,
): Key {
  return {
    kind: 'api',
    id,
    name: attributes.name,
    last4: attributes.last4,
    scopes: [],
    createdAt: attributes.created_at,
    createdBy: relationships.created_by && nameOf(relationships.created_by.data.id),
    lastUsedAt: attributes.date_last_used,
  };
}

/** "Org Connections Read, Teams Manage", in the order in which permissions are listed everywhere. */
export function scopeNames(scopes: readonly PermissionName[]): string {
  return PERMISSIONS.filter(({ name }) => scopes.includes(name))
    .map((permission) => permission.display_name)
    .join(', ');
}

/** Whether two lists name the same scopes, in whatever order. */
export function sameScopes(one: readonly PermissionName[], other: readonly PermissionName[]): boolean {
  return scopeNames(one) === scopeNames(other);
}
