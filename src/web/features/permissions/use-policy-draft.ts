import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Principal, Relation } from '../../../contract/restriction-policies/constants.ts';
import { type Draft, sameDraft } from './policy-draft.ts';

/** A policy as it was read, and the tag that names it. */
export interface ReadPolicy {
  policy: Draft;
  tag: string;
}

/** What the person made of a policy, and the one that they made it of. */
export interface PolicyEdit {
  draft: Draft;
  basis: ReadPolicy;
}

interface PolicyDraftOptions {
  orgId: string;
  connectionId: string;
  /** What is in force; undefined until it has been read. */
  saved: ReadPolicy | undefined;
  /** Whether the person may change it. Who has been kept out meanwhile sees what keeps them out. */
  mayEdit: boolean;
}

/**
 * The policy on screen. Until something is changed it is the one in force, whatever becomes of that. What is changed
 * and left without saving is kept, and offered when the dialog is opened again; it is forgotten at sign-out.
 */
export function usePolicyDraft({ orgId, connectionId, saved, mayEdit }: PolicyDraftOptions) {
  const kept = useKeptEdit(orgId, connectionId);
  const [left, setLeft] = useState(() => kept.read());
  const [edit, setEdit] = useState<PolicyEdit>();
  /** The lines that Restore Full Access took away, should the person think better of it. */
  const [lines, setLines] = useState<Draft>();

  const isChanged = (one: PolicyEdit | undefined) =>
    one !== undefined &&
    mayEdit &&
    !sameDraft(one.draft, one.basis.policy) &&
    // Somebody else, or a save whose answer was lost, has done the same.
    !sameDraft(one.draft, saved?.policy);
  const mine = isChanged(edit) ? edit : undefined;
  const draft = mine ? mine.draft : saved?.policy;

  /** @param basis what the change is made of: what was in force when the person began, unless they have seen what is now */
  function change(next: Draft, basis = mine?.basis ?? saved): void {
    if (basis === undefined) return;
    setEdit({ draft: next, basis });
    if (sameDraft(next, basis.policy)) kept.forget();
    else kept.write({ draft: next, basis });
  }

  return {
    draft,
    /** What is changed and not saved. */
    mine,
    /** Somebody changed the policy since {@link mine} was begun. */
    isOutdated: mine !== undefined && saved !== undefined && mine.basis.tag !== saved.tag,
    /** What was left unsaved when the dialog was open before. */
    offered: isChanged(left) ? left : undefined,
    change,
    forget: kept.forget,
    restrict: () =>
      change(lines ?? saved?.policy ?? new Map<Principal, Relation>([[`org:${orgId}`, 'viewer']])),
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
