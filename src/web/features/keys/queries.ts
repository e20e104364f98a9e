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
import { messages } from './messages.ts';

const PAGE_SIZE = 100;

/** All keys of a kind: the user's own application keys, or the organization's API keys. */
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

async function refreshKeys(queryClient: QueryClient): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: ['keys'] });
}

/** Another user has revoked the key. */
function isGone(error: Error): boolean {
  return isStatus(error, 404);
}

interface NewKey {
  name: string;
  scopes: readonly PermissionName[];
}

/** Creates a key. No other response contains the secret. */
export function useCreateKey(kind: KeyKind, { org }: OrgUser) {
  const { path } = KINDS[kind];
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
    done: ({ name }, isLeft) => (isLeft ? messages.kinds[kind].createdUnseen(name) : undefined),
    // Not awaited, so that the key is shown at once.
    refresh: async (queryClient) => void refreshKeys(queryClient),
    isOutdated: () => false,
  });
}

interface KeyUpdate extends NewKey {
  /** As shown when the request was sent. */
  key: Key;
}

/** Sends only changed fields, so that another user's change of the other fields is kept. */
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
    done: ({ key, name }) => messages.kinds[key.kind].saved(name),
    refresh: refreshKeys,
    isOutdated: isGone,
  });
}

export function useRevokeKey({ org }: OrgUser) {
  return useChange({
    send: (key: Key) => request<void>(keyPath(key), { method: 'DELETE', org: org.id }),
    done: (key) => messages.kinds[key.kind].revoked(key.name),
    refresh: refreshKeys,
    isOutdated: isGone,
  });
}

function keyPath(key: Key): string {
  return `${KINDS[key.kind].path}/${key.id}`;
}
