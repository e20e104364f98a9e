import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type {
  AccessRequest,
  AccessResponse,
  NamedPrincipal,
  PrincipalSearchResponse,
} from '../../../contract/access/schema.ts';
import { PATHS } from '../../../contract/paths.ts';
import {
  connectionResource,
  isPrincipal,
  type PrincipalType,
} from '../../../contract/restriction-policies/constants.ts';
import type {
  RestrictionPolicyResponse,
  RestrictionPolicyUpdateRequest,
} from '../../../contract/restriction-policies/schema.ts';
import type { Policy } from '../../../rules/access.ts';
import { FRESH } from '../../api/query-client.ts';
import { request, requestTagged, type Tagged } from '../../api/request.ts';
import type { OrgUser } from '../../api/session.ts';
import { useChange } from '../../common/use-change.ts';
import { type Draft, toDraft, toPolicy } from './policy-draft.ts';
import type { PolicyEdit, ReadPolicy } from './use-policy-draft.ts';
import type { Names } from './principal-words.tsx';

/** The policy of the person's own side of a connection. A colleague's change appears by itself. */
export function policyOptions(orgId: string, connectionId: string) {
  return queryOptions({
    queryKey: ['policy', orgId, connectionId],
    queryFn: async ({ signal }) =>
      toReadPolicy(
        await requestTagged<RestrictionPolicyResponse>(policyPath(connectionId), { org: orgId, signal }),
      ),
    ...FRESH,
  });
}

function toReadPolicy({ answer, tag }: Tagged<RestrictionPolicyResponse>): ReadPolicy {
  const { bindings } = answer.data.attributes;
  const policy = bindings.map(({ relation, principals }) => ({
    relation,
    principals: principals.filter(isPrincipal),
  }));
  return { policy: toDraft(policy.length > 0 ? policy : undefined), tag };
}

interface PolicyChange extends PolicyEdit {
  /** They manage access, and mean to be no editor any more. */
  allowSelfLockout: boolean;
}

interface SaveOptions {
  orgId: string;
  connectionId: string;
  /** What to say when it is done. */
  done: (draft: Draft) => string;
  /** It is in force, even if the dialog has been left meanwhile. */
  onSaved: () => void;
  /** Brings what else shows the policy up to date. */
  onChanged: () => Promise<void>;
}

/** Saves a policy. Its outcome is told even if the dialog has been left meanwhile. */
export function useSavePolicy({ orgId, connectionId, done, onSaved, onChanged }: SaveOptions) {
  return useChange({
    send: async ({ draft, basis, allowSelfLockout }: PolicyChange) => {
      const body: RestrictionPolicyUpdateRequest = {
        data: {
          type: 'restriction_policy',
          id: connectionResource(connectionId),
          attributes: { bindings: toBindings(draft) },
        },
      };
      const query = allowSelfLockout ? '?allow_self_lockout=true' : '';
      await request<RestrictionPolicyResponse>(`${policyPath(connectionId)}${query}`, {
        method: 'POST',
        org: orgId,
        body,
        ifMatch: basis.tag,
      });
      onSaved();
    },
    done: ({ draft }) => done(draft),
    refresh: async (queryClient) => {
      await queryClient.invalidateQueries({ queryKey: policyOptions(orgId, connectionId).queryKey });
      await onChanged();
    },
    // Whatever the reason: what is shown may not be what is.
    isOutdated: () => true,
  });
}

/** What was typed last, once the typing has paused. */
function useDebounced<Value>(value: Value, delay = 200): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return settled;
}

/** Roles, teams and users to choose from. The server searches: there may be thousands. */
export function usePrincipalSearch(orgId: string, search: string) {
  const settled = useDebounced(search);
  const query = useQuery({
    queryKey: ['principals', orgId, settled],
    queryFn: ({ signal }) =>
      request<PrincipalSearchResponse>(
        `${PATHS.principals}?${new URLSearchParams({ search: settled }).toString()}`,
        {
          org: orgId,
          signal,
        },
      ),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  return { ...query, isSearching: settled !== search || query.isFetching };
}

/** Who could do what under a draft, and what its principals are called. */
export function useAccess(orgId: string, connectionId: string, draft: Draft, search: string, enabled = true) {
  const body: AccessRequest = {
    connection_id: connectionId,
    bindings: toBindings(draft),
    search: useDebounced(search),
  };
  return useQuery({
    queryKey: ['access', orgId, body],
    queryFn: ({ signal }) =>
      request<AccessResponse>(PATHS.access, { method: 'POST', org: orgId, body, signal }),
    enabled,
    placeholderData: keepPreviousData,
  });
}

/**
 * What people are called, by all that the server has said of it while the dialog was open.
 *
 * @param access the answer about the policy on screen: whom it names that this does not tell is no more
 */
export function useNames(user: OrgUser, access: ReturnType<typeof useAccess>): Names {
  const queryClient = useQueryClient();
  const said = [
    ['access', user.org.id],
    ['principals', user.org.id],
  ].flatMap((queryKey) => queryClient.getQueriesData<{ principals: NamedPrincipal[] }>({ queryKey }));
  const named = said.flatMap(([, data]) => data?.principals ?? []);
  return {
    known: new Map([...ownPrincipals(user), ...named].map((one) => [one.principal, one])),
    status: access.isError
      ? 'failed'
      : access.isSuccess && !access.isPlaceholderData
        ? 'complete'
        : 'pending',
  };
}

/** As what a policy may name the person, in words. */
export function ownPrincipals({ id, org, roles, teams }: OrgUser): NamedPrincipal[] {
  return [
    ownPrincipal('org', org),
    ...roles.map((role) => ownPrincipal('role', role)),
    ...teams.map((team) => ownPrincipal('team', team)),
    ownPrincipal('user', { id, name: 'You' }),
  ];
}

function ownPrincipal(type: PrincipalType, { id, name }: { id: string; name: string }): NamedPrincipal {
  return { principal: `${type}:${id}`, name };
}

function toBindings(draft: Draft): AccessRequest['bindings'] {
  const policy: Policy = toPolicy(draft) ?? [];
  return policy.map(({ relation, principals }) => ({ relation, principals: [...principals] }));
}

function policyPath(connectionId: string): string {
  return `${PATHS.restrictionPolicies}/${connectionResource(connectionId)}`;
}
