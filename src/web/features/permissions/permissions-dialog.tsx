import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { NamedPrincipal } from '../../../contract/access/schema.ts';
import type { PermittedActions } from '../../../contract/org-connections/schema.ts';
import type { Principal, Relation } from '../../../contract/restriction-policies/constants.ts';
import { relationUnder } from '../../../rules/access.ts';
import { errorMessages, isChangedMeanwhile } from '../../api/request.ts';
import type { OrgUser } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorCallout } from '../../ui/callout.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DialogBody, type DialogFrame, DialogFooter } from '../../ui/dialog-parts.tsx';
import { formatList } from '../../ui/format.ts';
import { LockIcon } from '../../ui/icons.tsx';
import { WaitingDialog } from '../../common/item-dialog.tsx';
import { DiscardDialog } from '../../common/discard-dialog.tsx';
import {
  ChangedMeanwhile,
  ElevateAccess,
  FullAccess,
  LockoutWarning,
  OfferedDraft,
  WhyReadOnly,
} from './notices.tsx';
import styles from './permissions-dialog.module.css';
import { type Draft, toPolicy } from './policy-draft.ts';
import { PolicyLines, removeButtonId } from './policy-lines.tsx';
import { PrincipalPicker } from './principal-picker.tsx';
import { nameOf, RELATION_LABELS } from './principal-words.tsx';
import { ownPrincipals, policyOptions, useAccess, useNames, useSavePolicy } from './queries.ts';
import { useAskBeforeUnload } from '../../common/use-ask-before-unload.ts';
import { useFocusSoon } from './use-focus-soon.ts';
import { usePolicyDraft } from './use-policy-draft.ts';
import { WhoCanSee } from './who-can-see.tsx';

interface PermissionsDialogProps extends DialogFrame {
  user: OrgUser;
  connection: {
    id: string;
    side: 'source' | 'destination';
    source: { name: string };
    destination: { name: string };
    permitted: PermittedActions;
  };
  /** What the connection is, in a line. */
  summary: ReactNode;
  /** Brings the list up to date, whose padlocks show the policy. */
  onChanged: () => Promise<void>;
}

const PICKER_ID = 'add-principals';
const RESTRICT_ID = 'restrict-access';
const SAVE_ID = 'save-policy';

/** Who of the organization may query and edit a connection. Nothing takes effect before Save. */
export function PermissionsDialog({
  user,
  connection,
  summary,
  onChanged,
  ...frame
}: PermissionsDialogProps) {
  const { org, permissions } = user;
  const { side } = connection;
  const mayEdit = connection.permitted.set_policy;
  const read = useQuery(policyOptions(org.id, connection.id));
  const saved = read.data;
  const policy = usePolicyDraft({ orgId: org.id, connectionId: connection.id, saved, mayEdit });
  const { draft, mine } = policy;
  const access = useAccess(org.id, connection.id, draft, '', saved !== undefined);
  const names = useNames(user, access);
  const [chosen, setChosen] = useState<readonly NamedPrincipal[]>([]);
  const [acceptsLockout, setAcceptsLockout] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const [announcement, setAnnouncement] = useState('');
  const focusSoon = useFocusSoon();
  useAskBeforeUnload(mine !== undefined || chosen.length > 0);
  const save = useSavePolicy({
    orgId: org.id,
    connectionId: connection.id,
    done: (next) =>
      next === undefined
        ? `Full access to the connection is restored in ${org.name}.`
        : `Access to the connection is restricted in ${org.name}.`,
    onSaved: policy.forget,
    onChanged,
  });

  if (!saved) return <WaitingDialog {...frame} query={read} />;

  const own = ownPrincipals(user);
  const principals = new Set(own.map(({ principal }) => principal));
  const isEditorUnder = (some: Draft) => relationUnder(toPolicy(some), principals) === 'editor';
  const self: Principal = `user:${user.id}`;
  const managesAccess = permissions.includes('user_access_manage');
  const isBusy = save.isPending || save.isSuccess;
  const isOutdated = policy.isOutdated && !isBusy;
  const wouldLockOut = mine !== undefined && !isEditorUnder(draft);

  /**
   * Makes a change, says what it did, and moves the focus where one continues. What was sent stays as it is until the
   * answer comes; what failed is no longer said of something else.
   */
  function change(apply: () => void, said: string, ...focus: string[]) {
    if (isBusy) return;
    apply();
    setAcceptsLockout(false);
    setAnnouncement(said);
    focusSoon(...focus);
    save.reset();
  }

  function setRelation(principal: Principal, relation: Relation | undefined) {
    const lines = [...(draft ?? [])];
    const next = new Map(lines);
    const name = nameOf(principal, names);
    if (relation !== undefined) {
      next.set(principal, relation);
      change(() => policy.change(next), `${name} is now ${RELATION_LABELS[relation]}.`);
      return;
    }
    next.delete(principal);
    const index = lines.findIndex(([known]) => known === principal);
    const neighbour = (lines[index + 1] ?? lines[index - 1])?.[0];
    change(() => policy.change(next), `${name} removed.`, neighbour ? removeButtonId(neighbour) : PICKER_ID);
  }

  function add(added: readonly NamedPrincipal[], ...focus: string[]) {
    const next = new Map(draft);
    for (const { principal } of added) next.set(principal, 'editor');
    change(
      () => policy.change(next),
      `${formatList(added.map(({ name }) => name))} added as Editor.`,
      ...focus,
    );
  }

  function addMyself() {
    change(() => policy.change(new Map(draft).set(self, 'editor')), 'You are added as Editor.', SAVE_ID);
  }

  function leave() {
    policy.forget();
    frame.onClose();
  }

  function close() {
    if ((mine || chosen.length > 0) && !isBusy) setIsAsking(true);
    else frame.onClose();
  }

  /** Why what is on screen cannot be saved. */
  function obstacleToSave(): string | undefined {
    if (isOutdated) return 'Choose which changes to keep first.';
    if (chosen.length > 0) return 'Add or clear your selection before saving.';
    if (wouldLockOut && !acceptsLockout) return 'You would lose access: name an Editor that includes you';
    return undefined;
  }

  return (
    <Dialog {...frame} pending={save.isPending} onClose={close}>
      <DialogBody>
        {summary}
        {policy.offered && (
          <OfferedDraft
            onContinue={() => change(policy.takeOffer, 'Your changes are back.', SAVE_ID)}
            onDiscard={() =>
              change(policy.declineOffer, 'Your earlier changes are discarded.', RESTRICT_ID, PICKER_ID)
            }
          />
        )}
        {!mayEdit && (
          <WhyReadOnly
            user={user}
            policy={saved.policy}
            names={names}
            isEditor={isEditorUnder(saved.policy)}
            helpers={access.data?.people.filter((person) => person.can_edit).map(({ name }) => name) ?? []}
          />
        )}
        {mayEdit && managesAccess && !isEditorUnder(saved.policy) && !isEditorUnder(draft) && (
          <ElevateAccess onElevate={addMyself} />
        )}

        {draft === undefined ? (
          <FullAccess
            restrictId={RESTRICT_ID}
            org={org.name}
            side={side}
            isChange={mine !== undefined}
            onRestrict={
              mayEdit ? () => change(policy.restrict, 'Access will be restricted.', PICKER_ID) : undefined
            }
          />
        ) : (
          <>
            <p className={styles.meaning}>
              <LockIcon />
              <span>{MEANING[side]}</span>
            </p>
            <PolicyLines
              lines={draft}
              names={names}
              mine={principals}
              onChange={mayEdit ? setRelation : undefined}
            />
            {mayEdit && (
              <PrincipalPicker
                id={PICKER_ID}
                orgId={org.id}
                draft={draft}
                chosen={chosen}
                onChoose={setChosen}
                onAdd={() => {
                  add(chosen);
                  setChosen([]);
                }}
              />
            )}
          </>
        )}

        {wouldLockOut && !isOutdated && (
          <LockoutWarning
            own={own}
            onAdd={(named) => (named.principal === self ? addMyself() : add([named], SAVE_ID))}
            accepted={managesAccess ? acceptsLockout : undefined}
            onAccept={setAcceptsLockout}
          />
        )}
        {mine && isOutdated && (
          <ChangedMeanwhile
            user={user}
            connectionId={connection.id}
            mine={mine}
            theirs={saved.policy}
            onCombine={(combined) =>
              change(() => policy.change(combined, saved), 'Both changes are combined.', SAVE_ID)
            }
            onKeepMine={() => change(() => policy.change(mine.draft, saved), 'Your policy is kept.', SAVE_ID)}
            onTakeTheirs={() =>
              change(
                () => policy.change(saved.policy, saved),
                'Their policy is taken.',
                RESTRICT_ID,
                PICKER_ID,
              )
            }
          />
        )}
        {save.isError && !isChangedMeanwhile(save.error) && (
          <ErrorCallout messages={errorMessages(save.error)} />
        )}
        <WhoCanSee orgId={org.id} connectionId={connection.id} side={side} draft={draft} />
        <output className="visually-hidden">{announcement}</output>
      </DialogBody>
      <DialogFooter
        note={
          mayEdit &&
          draft !== undefined && (
            <Button
              variant="quiet"
              onClick={() =>
                change(policy.restore, 'Full access will be restored when you save.', RESTRICT_ID)
              }
            >
              Restore Full Access
            </Button>
          )
        }
      >
        <Button onClick={close} disabled={save.isPending}>
          {mayEdit ? 'Cancel' : 'Close'}
        </Button>
        {mayEdit && (
          <Button
            id={SAVE_ID}
            variant="primary"
            pending={save.isPending}
            disabled={!mine}
            obstacle={mine && obstacleToSave()}
            onClick={() =>
              mine && save.mutate({ ...mine, allowSelfLockout: acceptsLockout }, { onSuccess: leave })
            }
          >
            Save
          </Button>
        )}
      </DialogFooter>
      {isAsking && <DiscardDialog onKeep={() => setIsAsking(false)} onDiscard={leave} />}
    </Dialog>
  );
}

const MEANING = {
  source: 'Only editors can change or delete this connection or manage who has access to it.',
  destination:
    'Only viewers and editors can query the shared data; only editors can delete the connection and change who has access to it.',
};
