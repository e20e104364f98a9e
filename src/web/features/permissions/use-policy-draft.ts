import { useState } from 'react';
import type { Principal, Relation } from '../../../contract/restriction-policies/constants.ts';
import type { OrgUser } from '../../api/session.ts';
import { forgetInput, inputKey, keepInput, readInput } from '../../common/kept-input.ts';
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
  user: OrgUser;
  connection: { id: string };
  /** The policy in force. */
  saved: ReadPolicy;
  /** Without this permission the policy in force is shown, even after changes. */
  mayEdit: boolean;
  /** Unsaved changes from before the user signed in again. */
  restored: PolicyEditJson | undefined;
}

/**
 * The policy on screen. Without changes it follows the policy in force. Unsaved changes are kept when the dialog is left
 * with Back, offered when it is opened again, and forgotten at sign-out or when another person signs in.
 */
export function usePolicyDraft({ user, connection, saved, mayEdit, restored }: PolicyDraftOptions) {
  const kept = keptEdit(user, connection.id);
  const [left, setLeft] = useState(() => (restored ? undefined : kept.read()));
  const [edit, setEdit] = useState(() => restored && fromJson(restored));
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
      change(lines ?? saved.policy ?? new Map<Principal, Relation>([[`org:${user.org.id}`, 'viewer']])),
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

function keptEdit(user: OrgUser, connectionId: string) {
  const key = inputKey(user, `policy/${connectionId}`);
  return {
    read: () => {
      const edit = readInput<PolicyEditJson>(key).restored;
      return edit && fromJson(edit);
    },
    write: (edit: PolicyEdit) => keepInput(key, toJson(edit)),
    forget: () => forgetInput(key),
  };
}

/** A {@link PolicyEdit} as JSON; null: full access. */
export interface PolicyEditJson {
  draft: PolicyJson;
  basis: { policy: PolicyJson; tag: string };
}

type PolicyJson = [Principal, Relation][] | null;

export function toJson({ draft, basis }: PolicyEdit): PolicyEditJson {
  return { draft: linesOf(draft), basis: { policy: linesOf(basis.policy), tag: basis.tag } };
}

function fromJson({ draft, basis }: PolicyEditJson): PolicyEdit {
  return { draft: mapOf(draft), basis: { policy: mapOf(basis.policy), tag: basis.tag } };
}

function linesOf(policy: Draft): PolicyJson {
  return policy ? [...policy] : null;
}

function mapOf(lines: PolicyJson): Draft {
  return lines ? new Map(lines) : undefined;
}
