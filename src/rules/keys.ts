import { isPermissionName, type PermissionName } from '../contract/permissions/constants.ts';
import { DomainError } from './errors.ts';

/** As many API keys an organization may have, and as many application keys each of its users. */
export const MAX_KEYS = 1000;

/**
 * Decides which scopes an application key gets.
 *
 * @param callerScopes the scopes of the application key that asks; undefined: it has none, or a person asks
 * @param wanted the scopes as they were asked for; absent or none: all of the user's permissions
 * @returns the scopes, each once; none: all of the user's permissions
 * @throws DomainError `invalid` naming what is no permission; `forbidden` if the key could do more than its maker
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
      ...unknown.map((scope) => `data.attributes.scopes: unknown permission "${scope}"`),
    );
  }

  const scopes = names.filter(isPermissionName);
  if (callerScopes === undefined) return scopes;
  if (scopes.length === 0) {
    throw new DomainError(
      'forbidden',
      'an application key with scopes can only make keys with scopes, each of them one of its own',
    );
  }
  const beyond = scopes.filter((scope) => !callerScopes.includes(scope));
  if (beyond.length > 0) {
    throw new DomainError(
      'forbidden',
      `an application key can only give scopes of its own, not ${beyond.join(', ')}`,
    );
  }
  return scopes;
}

/** Throws `refused` unless there is room for one more key. `holder` names whose keys are counted. */
export function requireRoomForKey(holder: string, count: number): void {
  if (count >= MAX_KEYS) {
    throw new DomainError('refused', `${holder} already has the maximum of ${MAX_KEYS} keys`);
  }
}

/** No key of the caller's has the id. The text is Datadog's. */
export function unknownKey(): DomainError {
  return new DomainError('not_found', 'Not found');
}
