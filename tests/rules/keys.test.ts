import { describe, expect, it } from 'vitest';
import type { PermissionName } from '../../src/contract/permissions/constants.ts';
import { DomainError } from '../../src/rules/errors.ts';
import { decideScopes, MAX_KEYS, requireRoomForApiKey } from '../../src/rules/keys.ts';

const MUST_NAME =
  'an application key with scopes can only make keys with scopes, each of them one of its own';

describe('the scopes that an application key gets', () => {
  it.each<[PermissionName[] | undefined, string[] | null | undefined, string[]]>([
    [undefined, undefined, []],
    [undefined, null, []],
    [undefined, [], []],
    [undefined, ['logs_read_index_data'], ['logs_read_index_data']],
    [
      undefined,
      ['timeseries_query', 'logs_read_index_data', 'timeseries_query'],
      ['timeseries_query', 'logs_read_index_data'],
    ],
    [['user_app_keys'], ['user_app_keys'], ['user_app_keys']],
    [['user_app_keys', 'timeseries_query'], ['timeseries_query'], ['timeseries_query']],
    [
      ['user_app_keys', 'timeseries_query'],
      ['timeseries_query', 'user_app_keys'],
      ['timeseries_query', 'user_app_keys'],
    ],
  ])('from a caller with %j who wants %j: %j', (callerScopes, wanted, scopes) => {
    expect(decideScopes(callerScopes, wanted)).toEqual(scopes);
  });

  it.each<[PermissionName[] | undefined, string[] | null | undefined, string, string[]]>([
    [undefined, ['fly'], 'invalid', ['data.attributes.scopes: unknown permission "fly"']],
    [
      undefined,
      ['fly', 'timeseries_query', 'swim'],
      'invalid',
      [
        'data.attributes.scopes: unknown permission "fly"',
        'data.attributes.scopes: unknown permission "swim"',
      ],
    ],
    [['user_app_keys'], ['fly'], 'invalid', ['data.attributes.scopes: unknown permission "fly"']],
    [['user_app_keys'], undefined, 'forbidden', [MUST_NAME]],
    [['user_app_keys'], null, 'forbidden', [MUST_NAME]],
    [['user_app_keys'], [], 'forbidden', [MUST_NAME]],
    [[], [], 'forbidden', [MUST_NAME]],
    [
      ['user_app_keys'],
      ['user_app_keys', 'api_keys_write', 'timeseries_query'],
      'forbidden',
      ['an application key can only give scopes of its own, not api_keys_write, timeseries_query'],
    ],
  ])('from a caller with %j who wants %j: %s', (callerScopes, wanted, reason, messages) => {
    expect(() => decideScopes(callerScopes, wanted)).toThrow(
      expect.objectContaining({ constructor: DomainError, reason, messages }),
    );
  });
});

describe('room for one more key', () => {
  it('ends at the maximum', () => {
    requireRoomForApiKey('x', MAX_KEYS - 1);
    expect(() => requireRoomForApiKey('x', MAX_KEYS)).toThrow(
      'org x already has the maximum of 1000 API keys',
    );
  });
});
