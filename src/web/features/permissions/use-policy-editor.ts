import { useState } from 'react';
import type { NamedPrincipal } from '../../../contract/access/schema.ts';
import { relationUnder } from '../../../rules/access.ts';
import { useRestorable } from '../../common/kept-input.ts';
import { useFormEdit } from '../../common/use-form-edit.ts';
import { messages } from './messages.ts';
import type { PermissionsDialogProps } from './permissions-dialog-props.ts';
import { policyActions } from './policy-actions.ts';
import { type Draft, toPolicy } from './policy-draft.ts';
import { ownPrincipals, useAccess, useNames, useSavePolicy } from './queries.ts';
import { useFocusSoon } from './use-focus-soon.ts';
import { type PolicyEditJson, type ReadPolicy, toJson, usePolicyDraft } from './use-policy-draft.ts';

interface PolicyEditorOptions extends Pick<PermissionsDialogProps, 'user' | 'connection' | 'onChanged'> {
  /** The policy in force. */
  saved: ReadPolicy;
}

interface Input {
  edit?: PolicyEditJson | undefined;
  chosen: readonly NamedPrincipal[];
}

/** State of the Permissions dialog: the draft, what may be saved, and the changes that the user can make. */
export function usePolicyEditor({ user, connection, saved, onChanged }: PolicyEditorOptions) {
  const { org } = user;
  const mayEdit = connection.permitted.set_policy;
  const kept = useRestorable<Input>(user);
  const policy = usePolicyDraft({ user, connection, saved, mayEdit, restored: kept.restored?.edit });
  const { draft, mine } = policy;
  const access = useAccess(org.id, connection.id, draft, '');
  const names = useNames(user, access);
  const [chosen, setChosen] = useState(kept.restored?.chosen ?? []);
  const [acceptsLockout, setAcceptsLockout] = useState(false);
  const [announcement, setAnnouncement] = useState('');
  const focusSoon = useFocusSoon();
  const save = useSavePolicy({
    orgId: org.id,
    connectionId: connection.id,
    done: (next) =>
      next === undefined ? messages.savedFullAccess(org.name) : messages.savedRestricted(org.name),
    onSaved: policy.forget,
    onChanged,
  });
  const edit = useFormEdit(save);

  const own = ownPrincipals(user);
  const principals = new Set(own.map(({ principal }) => principal));
  const isEditorUnder = (some: Draft) => relationUnder(toPolicy(some), principals) === 'editor';
  const isOutdated = policy.isOutdated && !save.isPending && !save.isSuccess;
  const wouldLockOut = mine !== undefined && !isEditorUnder(draft);

  /** Makes a change, announces it, and moves focus to the first of some elements that can take it. */
  function change(apply: () => void, announced: string, ...focus: string[]) {
    edit(() => {
      apply();
      setAcceptsLockout(false);
      setAnnouncement(announced);
      focusSoon(...focus);
    });
  }

  const actions = policyActions({ policy, saved, names, self: `user:${user.id}`, change });

  /** Returns why the draft cannot be saved, or undefined. */
  function obstacleToSave(): string | undefined {
    if (isOutdated) return messages.chooseFirst;
    if (chosen.length > 0) return messages.addFirst;
    if (wouldLockOut && !acceptsLockout) return messages.lockoutObstacle;
    return undefined;
  }

  return {
    draft,
    /** The unsaved changes, if any. */
    mine,
    hasOffer: policy.offered !== undefined,
    /** Another user changed the policy since the first change. */
    isOutdated,
    wouldLockOut,
    isSavedEditor: isEditorUnder(saved.policy),
    isDraftEditor: isEditorUnder(draft),
    mayEdit,
    names,
    own,
    principals,
    /** Names of people who can change the policy. */
    helpers: access.data?.people.filter((person) => person.can_edit).map(({ name }) => name) ?? [],
    chosen,
    setChosen,
    acceptsLockout,
    setAcceptsLockout,
    announcement,
    save,
    obstacleToSave,
    input: { ...kept, current: { edit: mine && toJson(mine), chosen } satisfies Input },
    forget: policy.forget,
    ...actions,
    addChosen: () => {
      actions.add(chosen);
      setChosen([]);
    },
  };
}

export type PolicyEditor = ReturnType<typeof usePolicyEditor>;
