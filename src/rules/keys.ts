import { isPermissionName, type PermissionName } from '../contract/permissions/constants.ts';
import { detail, DomainError, maximumReached } from './errors.ts';

/** Maximum number of API keys per organization, and of application keys per user. */
export const MAX_KEYS = 1000;

/**
 * Returns the scopes of a new or changed application key, without duplicates. Empty: all permissions of the user.
 *
 * @param callerScopes scopes of the caller's application key; undefined for a key without scopes or a session
 * @param wanted requested scopes; absent, null or empty: all permissions of the user
 * @throws DomainError `invalid` with each unknown permission; `forbidden` if the key would get more scopes than the caller
 */
export function decideScopes(
  callerScopes: readonly PermissionName[] | undefined,
  wanted: readonly string[] | null | undefined,
): PermissionName[] {
  const names = [...new Set(wanted)];
  const unknown = names.filter((scope) => !isPermissionName(scope));
  if (unknown.length > 0) {
    throw new DomainError(
      'invalid',
      unknown.map((scope) => detail('scope_unknown', { scope })),
    );
  }

  const scopes = names.filter(isPermissionName);
  if (callerScopes === undefined) return scopes;
  if (scopes.length === 0) {
    throw new DomainError('forbidden', 'scopes_required');
  }
  const beyond = scopes.filter((scope) => !callerScopes.includes(scope));
  if (beyond.length > 0) {
    throw new DomainError('forbidden', 'scopes_exceeded', { scopes: beyond });
  }
  return scopes;
}

/** Throws `refused` if an organization already has the maximum number of API keys. */
export function requireRoomForApiKey(orgId: string, count: number): void {
  if (count >= MAX_KEYS) throw maximumReached(`org ${orgId}`, MAX_KEYS, 'API keys');
}

/** Throws `refused` if a user already has the maximum number of application keys. */
export function requireRoomForApplicationKey(userId: string, count: number): void {
  if (count >= MAX_KEYS) throw maximumReached(`user ${userId}`, MAX_KEYS, 'application keys');
}

/** Returns the error for an unknown key id, with Datadog's text. */
export function unknownKey(): DomainError {
  return new DomainError('not_found', 'key_unknown');
}
