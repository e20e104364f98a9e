import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type {
  ApiKeyCreateRequest,
  ApiKeysResponse,
  ApiKeyUpdateRequest,
  ApplicationKeyCreateRequest,
  ApplicationKeysResponse,
  ApplicationKeyUpdateRequest,
  CreatedApiKeyResponse,
  CreatedApplicationKeyResponse,
} from '../../../contract/keys/schema.ts';
import type { PermissionName } from '../../../contract/permissions/constants.ts';
import { FRESH } from '../../api/query-client.ts';
import { isStatus, request } from '../../api/request.ts';
import type { OrgUser } from '../../api/session.ts';
import { useChange } from '../../common/use-change.ts';
import { useListed } from '../../common/use-listed.ts';
import { type Key, type KeyKind, KINDS, sameScopes, toApiKey, toApplicationKey } from './key.ts';

const PAGE_SIZE = 100;

/** All keys of a kind that the person manages: their own application keys, or the organization's API keys. */
export function keysOptions(kind: KeyKind, orgId: string) {
  return queryOptions({
    queryKey: ['keys', kind, orgId],
    queryFn: async ({ signal }): Promise<Key[]> => {
      const keys: Key[] = [];
      for (let page = 0; ; page += 1) {
        const query = new URLSearchParams({
          'page[size]': String(PAGE_SIZE),
          'page[number]': String(page),
          sort: '-created_at',
          include: KINDS[kind].include,
        });
        const answer = await request<ApiKeysResponse | ApplicationKeysResponse>(
          `${KINDS[kind].path}?${query.toString()}`,
          { org: orgId, signal },
        );
        keys.push(...toKeys(answer));
        if (answer.data.length < PAGE_SIZE) return keys;
      }
    },
    ...FRESH,
  });
}

function toKeys({ data, included }: ApiKeysResponse | ApplicationKeysResponse): Key[] {
  const names = new Map(included.map(({ id, attributes }) => [id, attributes.name ?? attributes.email]));
  return data.map((key) =>
    key.type === 'api_keys' ? toApiKey(key, (userId) => names.get(userId)) : toApplicationKey(key),
  );
}

export function useKey(kind: KeyKind, orgId: string, id: string) {
  return useListed(keysOptions(kind, orgId), id);
}

/** Shown if a key was revoked meanwhile, or never existed. */
export const KEY_GONE = 'This key no longer exists. The list has been refreshed.';

async function refreshKeys(queryClient: QueryClient): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: ['keys'] });
}

/** Somebody else has revoked the key. */
function isGone(error: Error): boolean {
  return isStatus(error, 404);
}

interface NewKey {
  name: string;
  scopes: readonly PermissionName[];
}

/** The answer is the only one that has the secret. */
export function useCreateKey(kind: KeyKind, { org }: OrgUser) {
  const { noun, path } = KINDS[kind];
  return useChange({
    send: async ({ name, scopes }: NewKey) => {
      const body: ApiKeyCreateRequest | ApplicationKeyCreateRequest =
        kind === 'api'
          ? { data: { type: 'api_keys', attributes: { name } } }
          : { data: { type: 'application_keys', attributes: { name, scopes: [...scopes] } } };
      const { data } = await request<CreatedApiKeyResponse | CreatedApplicationKeyResponse>(path, {
        method: 'POST',
        org: org.id,
        body,
      });
      return data.attributes.key;
    },
    done: ({ name }, isLeft) =>
      isLeft
        ? `The ${noun} ${name} was created, but its dialog was left before it could be shown. Revoke it, and create another.`
        : undefined,
    // Not waited for: what is shown once is shown at once.
    refresh: async (queryClient) => void refreshKeys(queryClient),
    isOutdated: () => false,
  });
}

interface KeyUpdate extends NewKey {
  /** The key as it was shown. */
  key: Key;
}

/** Sends only what was changed, so that it cannot undo somebody else's change of the rest. */
export function useUpdateKey({ org }: OrgUser) {
  return useChange({
    send: async ({ key, name, scopes }: KeyUpdate) => {
      const body: ApiKeyUpdateRequest | ApplicationKeyUpdateRequest =
        key.kind === 'api'
          ? { data: { type: 'api_keys', id: key.id, attributes: { name } } }
          : {
              data: {
                type: 'application_keys',
                id: key.id,
                attributes: {
                  ...(name !== key.name && { name }),
                  ...(!sameScopes(scopes, key.scopes) && { scopes: [...scopes] }),
                },
              },
            };
      return request<object>(keyPath(key), { method: 'PATCH', org: org.id, body });
    },
    done: ({ key, name }) => `The ${KINDS[key.kind].noun} ${name} was saved.`,
    refresh: refreshKeys,
    isOutdated: isGone,
  });
}

export function useRevokeKey({ org }: OrgUser) {
  return useChange({
    send: (key: Key) => request<void>(keyPath(key), { method: 'DELETE', org: org.id }),
    done: (key) => `The ${KINDS[key.kind].noun} ${key.name} was revoked.`,
    refresh: refreshKeys,
    isOutdated: isGone,
  });
}

function keyPath(key: Key): string {
  return `${KINDS[key.kind].path}/${key.id}`;
}
