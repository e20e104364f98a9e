import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Principal, Relation } from '../../../contract/restriction-policies/constants.ts';
import { type Draft, sameDraft } from './policy-draft.ts';

/** A policy with its ETag. */
export interface ReadPolicy {
  policy: Draft;
  tag: string;
}

/** A changed policy, and the policy that it is based on. */
export interface PolicyEdit {
  draft: Draft;
  basis: ReadPolicy;
}

interface PolicyDraftOptions {
  orgId: string;
  connectionId: string;
  /** The policy in force. */
  saved: ReadPolicy;
  /** Without this permission the policy in force is shown, even after changes. */
  mayEdit: boolean;
}

/**
 * The policy on screen. Without changes it follows the policy in force. Unsaved changes are kept when the dialog is left
 * with Back, offered when it is opened again, and forgotten at sign-out.
 */
export function usePolicyDraft({ orgId, connectionId, saved, mayEdit }: PolicyDraftOptions) {
  const kept = useKeptEdit(orgId, connectionId);
  const [left, setLeft] = useState(() => kept.read());
  const [edit, setEdit] = useState<PolicyEdit>();
  /** The lines that Restore Full Access removed, in case the user restricts access again. */
  const [lines, setLines] = useState<Draft>();

  const isChanged = (one: PolicyEdit | undefined) =>
    one !== undefined &&
    mayEdit &&
    !sameDraft(one.draft, one.basis.policy) &&
    // Another user, or a save without response, made the same change.
    !sameDraft(one.draft, saved.policy);
  const mine = isChanged(edit) ? edit : undefined;
  const draft = mine ? mine.draft : saved.policy;

  /** @param basis the policy that the change is based on: by default, the one in force at the first change */
  function change(next: Draft, basis = mine?.basis ?? saved): void {
    setEdit({ draft: next, basis });
    if (sameDraft(next, basis.policy)) kept.forget();
    else kept.write({ draft: next, basis });
  }

  return {
    draft,
    /** The unsaved changes. */
    mine,
    /** Another user changed the policy since the first of {@link mine}. */
    isOutdated: mine !== undefined && mine.basis.tag !== saved.tag,
    /** Unsaved changes from the last time that the dialog was open. */
    offered: isChanged(left) ? left : undefined,
    change,
    forget: kept.forget,
    restrict: () =>
      change(lines ?? saved.policy ?? new Map<Principal, Relation>([[`org:${orgId}`, 'viewer']])),
    restore: () => {
      setLines(draft);
      change(undefined);
    },
    takeOffer: () => {
      if (left) change(left.draft, left.basis);
      setLeft(undefined);
    },
    declineOffer: () => {
      if (!mine) kept.forget();
      setLeft(undefined);
    },
  };
}

export type PolicyDraft = ReturnType<typeof usePolicyDraft>;

function useKeptEdit(orgId: string, connectionId: string) {
  const queryClient = useQueryClient();
  const queryKey = ['unsaved-policy', orgId, connectionId];
  return {
    read: () => queryClient.getQueryData<PolicyEdit>(queryKey),
    write: (edit: PolicyEdit) => {
      queryClient.setQueryDefaults(['unsaved-policy'], { gcTime: Infinity });
      queryClient.setQueryData(queryKey, edit);
    },
    forget: () => queryClient.removeQueries({ queryKey }),
  };
}
