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
import { messages } from './messages.ts';
import type { Names } from './principal-names.tsx';

/** The policy of the user's organization for a connection. Refreshed regularly. */
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
  /** The user manages access and accepts losing their editor access. */
  allowSelfLockout: boolean;
}

interface SaveOptions {
  orgId: string;
  connectionId: string;
  /** Returns the text of the toast. */
  done: (draft: Draft) => string;
  /** Called when the policy is saved, even if the dialog has been closed. */
  onSaved: () => void;
  /** Refreshes other data that shows the policy. */
  onChanged: () => Promise<void>;
}

/** Saves a policy. The result is shown even if the dialog has been closed. */
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
    // After any error, the policy on screen may be outdated.
    isOutdated: () => true,
  });
}

/** Returns a value after it has not changed for some time (ms). */
function useDebounced<Value>(value: Value, delay = 200): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return settled;
}

/** Searches roles, teams, and users on the server: there may be thousands. */
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

/** People's access under a draft, and the names of its principals. */
export function useAccess(orgId: string, connectionId: string, draft: Draft, search: string) {
  const body: AccessRequest = {
    connection_id: connectionId,
    bindings: toBindings(draft),
    search: useDebounced(search),
  };
  return useQuery({
    queryKey: ['access', orgId, body],
    queryFn: ({ signal }) =>
      request<AccessResponse>(PATHS.access, { method: 'POST', org: orgId, body, signal }),
    placeholderData: keepPreviousData,
  });
}

/**
 * Names of principals, from all responses since the dialog was opened.
 *
 * @param access the response about the current draft: principals that it does not name were deleted
 */
export function useNames(user: OrgUser, access: ReturnType<typeof useAccess>): Names {
  const queryClient = useQueryClient();
  const responses = [
    ['access', user.org.id],
    ['principals', user.org.id],
  ].flatMap((queryKey) => queryClient.getQueriesData<{ principals: NamedPrincipal[] }>({ queryKey }));
  const named = responses.flatMap(([, data]) => data?.principals ?? []);
  return {
    known: new Map([...ownPrincipals(user), ...named].map((one) => [one.principal, one])),
    status: access.isError
      ? 'failed'
      : access.isSuccess && !access.isPlaceholderData
        ? 'complete'
        : 'pending',
  };
}

/** Principals that include the user, with their names, from the narrowest to the widest. */
export function ownPrincipals({ id, org, roles, teams }: OrgUser): NamedPrincipal[] {
  return [
    ownPrincipal('user', { id, name: messages.you }),
    ...roles.map((role) => ownPrincipal('role', role)),
    ...teams.map((team) => ownPrincipal('team', team)),
    ownPrincipal('org', org),
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
