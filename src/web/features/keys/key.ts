import type { ApiKey, ApplicationKey } from '../../../contract/keys/schema.ts';
import { PATHS } from '../../../contract/paths.ts';
import {
  isPermissionName,
  PERMISSIONS,
  type PermissionName,
} from '../../../contract/permissions/constants.ts';

/** The two kinds of keys. */
export const KINDS = {
  application: {
    path: PATHS.applicationKeys,
    permission: 'user_app_keys',
    /** Related data to request: none, because users only see their own application keys. */
    include: '',
  },
  api: { path: PATHS.apiKeys, permission: 'api_keys_write', include: 'created_by' },
} as const satisfies Record<string, { path: string; permission: PermissionName; include: string }>;

export type KeyKind = keyof typeof KINDS;

/** A key as the console shows it, without the secret. */
export interface Key {
  kind: KeyKind;
  id: string;
  name: string;
  last4: string;
  /** Limit of an application key's permissions; empty: all permissions of its user. */
  scopes: readonly PermissionName[];
  createdAt: string;
  /** Undefined for keys from the directory file or the demo. */
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

/** @param nameOf returns the name of a user by id */
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

/** Returns the scopes in the order of the list of permissions. */
export function inOrder(scopes: readonly PermissionName[]): PermissionName[] {
  return PERMISSIONS.map(({ name }) => name).filter((name) => scopes.includes(name));
}

/** Returns whether two lists have the same scopes, in any order. */
export function sameScopes(one: readonly PermissionName[], other: readonly PermissionName[]): boolean {
  return inOrder(one).join() === inOrder(other).join();
}
