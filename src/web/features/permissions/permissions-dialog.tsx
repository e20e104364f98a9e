import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { NamedPrincipal } from '../../../contract/access.schema.ts';
import type { PermittedActions } from '../../../contract/org-connections.schema.ts';
import type { Principal, Relation } from '../../../contract/restriction-policies.ts';
import { relationUnder } from '../../../rules/access.ts';
import { errorMessages } from '../../api/request.ts';
import type { OrgUser } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorCallout } from '../../ui/callout.tsx';
import { Dialog, DialogBody, type DialogFrame, DialogFooter, LoadingDialog } from '../../ui/dialog.tsx';
import { formatList } from '../../ui/format.ts';
import { LockIcon } from '../../ui/icons.tsx';
import { DiscardDialog } from './discard-dialog.tsx';
import {
  ChangedMeanwhile,
  ElevateAccess,
  FullAccess,
  LockoutWarning,
  OfferedDraft,
  WhyReadOnly,
} from './notices.tsx';
import styles from './permissions-dialog.module.css';
import { type Draft, sameDraft, toPolicy } from './policy-draft.ts';
import { PolicyLines, removeButtonId } from './policy-lines.tsx';
import { PrincipalPicker } from './principal-picker.tsx';
import { nameOf, RELATION_LABELS } from './principal-words.tsx';
import {
  isChangedMeanwhile,
  type KeptDraft,
  ownPrincipals,
  policyOptions,
  useAccess,
  useKeptDraft,
  useNames,
  useSavePolicy,
} from './queries.ts';
import { useFocusSoon } from './use-focus-soon.ts';
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

/**
 * Who of the organization may query and edit a connection. Nothing takes effect before Save. Until something is
 * changed, the dialog follows the server; what is changed and left is kept, and offered when it is opened again.
 */
export function PermissionsDialog({
  user,
  connection,
  summary,
  onChanged,
  ...frame
}: PermissionsDialogProps) {
  const { org, permissions } = user;
  const { side } = connection;
  const read = useQuery(policyOptions(org.id, connection.id));
  const kept = useKeptDraft(org.id, connection.id);
  const [offered, setOffered] = useState(() => kept.read());
  const [touched, setTouched] = useState<KeptDraft>();
  const [acceptsLockout, setAcceptsLockout] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const [announcement, setAnnouncement] = useState('');
  const focusSoon = useFocusSoon();
  const save = useSavePolicy({
    orgId: org.id,
    connectionId: connection.id,
    done: (draft) =>
      draft === undefined
        ? `Full access to the connection is restored in ${org.name}.`
        : `Access to the connection is restricted in ${org.name}.`,
    onChanged,
  });

  const saved = read.data;
  const mayEdit = connection.permitted.set_policy;
  const isTouched = touched !== undefined && !sameDraft(touched.draft, touched.basis.policy);
  // Whoever has been kept out meanwhile sees what keeps them out.
  const mine = isTouched && mayEdit ? touched : undefined;
  const draft = mine ? mine.draft : saved?.policy;
  const access = useAccess(org.id, connection.id, draft, '');
  const names = useNames(user);

  if (!saved) {
    return read.isError ? (
      <Dialog {...frame}>
        <DialogBody>
          <ErrorCallout messages={errorMessages(read.error)} />
        </DialogBody>
        <DialogFooter>
          <Button onClick={frame.onClose}>Cancel</Button>
          <Button variant="primary" pending={read.isFetching} onClick={() => void read.refetch()}>
            Retry
          </Button>
        </DialogFooter>
      </Dialog>
    ) : (
      <LoadingDialog {...frame} />
    );
  }

  const own = ownPrincipals(user);
  const principals = new Set(own.map(({ principal }) => principal));
  const managesAccess = permissions.includes('user_access_manage');
  const isEditorNow = relationUnder(toPolicy(saved.policy), principals) === 'editor';
  const isEditorThen = relationUnder(toPolicy(draft), principals) === 'editor';
  const isBusy = save.isPending || save.isSuccess;
  const isOutdated = mine !== undefined && !isBusy && mine.basis.tag !== saved.tag;

  /** What was sent stays as it is until the answer comes; what failed is no longer said of something else. */
  function change(next: Draft, said: string, basis = mine?.basis ?? saved) {
    if (isBusy || !basis) return;
    const changed = { draft: next, basis };
    setTouched(changed);
    setOffered(undefined);
    setAnnouncement(said);
    setAcceptsLockout(false);
    if (sameDraft(next, basis.policy)) kept.forget();
    else kept.write(changed);
    save.reset();
  }

  function setRelation(principal: Principal, relation: Relation | undefined) {
    const lines = [...(draft ?? [])];
    const next = new Map(lines);
    const name = nameOf(principal, names);
    if (relation !== undefined) {
      next.set(principal, relation);
      change(next, `${name} is now ${RELATION_LABELS[relation]}.`);
      return;
    }
    next.delete(principal);
    const index = lines.findIndex(([known]) => known === principal);
    const neighbour = (lines[index + 1] ?? lines[index - 1])?.[0];
    focusSoon(neighbour ? removeButtonId(neighbour) : PICKER_ID);
    change(next, `${name} removed.`);
  }

  function add(chosen: readonly NamedPrincipal[]) {
    const next = new Map(draft);
    for (const { principal } of chosen) next.set(principal, 'editor');
    change(next, `${formatList(chosen.map(({ name }) => name))} added as Editor.`);
  }

  function restrict() {
    focusSoon(PICKER_ID);
    change(
      saved?.policy ?? new Map<Principal, Relation>([[`org:${org.id}`, 'viewer']]),
      `Access will be restricted. ${org.name} is Viewer.`,
    );
  }

  function restore() {
    focusSoon(RESTRICT_ID);
    change(undefined, 'Full access will be restored when you save.');
  }

  function leave() {
    kept.forget();
    frame.onClose();
  }

  function close() {
    if (mine && !isBusy) setIsAsking(true);
    else frame.onClose();
  }

  /** Why what is on screen cannot be saved. */
  function obstacleToSave(): string | undefined {
    if (isOutdated) return 'Choose first what becomes of your changes';
    if (!isEditorThen && !acceptsLockout) return 'You would lose access: name an Editor that includes you';
    return undefined;
  }

  return (
    <Dialog {...frame} pending={save.isPending} onClose={close}>
      <DialogBody>
        {summary}
        {offered && mayEdit && (
          <OfferedDraft
            onContinue={() => change(offered.draft, 'Your changes are back.', offered.basis)}
            onDiscard={() => {
              kept.forget();
              setOffered(undefined);
              setAnnouncement('Your earlier changes are discarded.');
            }}
          />
        )}
        {!mayEdit && <WhyReadOnly user={user} policy={saved.policy} names={names} isEditor={isEditorNow} />}
        {mayEdit && managesAccess && !isEditorNow && !isEditorThen && (
          <ElevateAccess
            onElevate={() =>
              change(new Map(draft).set(`user:${user.id}`, 'editor'), 'You are added as Editor.')
            }
          />
        )}

        {draft === undefined ? (
          <FullAccess
            restrictId={RESTRICT_ID}
            org={org.name}
            side={side}
            isChange={mine !== undefined}
            onRestrict={mayEdit ? restrict : undefined}
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
              namesPending={access.isPending || access.isPlaceholderData}
              mine={principals}
              onChange={mayEdit ? setRelation : undefined}
            />
            {mayEdit && <PrincipalPicker id={PICKER_ID} orgId={org.id} draft={draft} onAdd={add} />}
          </>
        )}

        {mine && !isEditorThen && !isOutdated && (
          <LockoutWarning
            own={own}
            onAdd={(named) => add([named])}
            accepted={managesAccess ? acceptsLockout : undefined}
            onAccept={setAcceptsLockout}
          />
        )}
        {isOutdated && (
          <ChangedMeanwhile
            user={user}
            connectionId={connection.id}
            mine={mine}
            theirs={saved.policy}
            onCombine={(combined) => change(combined, 'Both changes are combined.', saved)}
            onKeepMine={() => change(mine.draft, 'Your policy is kept.', saved)}
            onTakeTheirs={() => change(saved.policy, 'Their policy is taken.', saved)}
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
            <Button variant="quiet" onClick={restore}>
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
  source: 'Only editors can change or delete this connection, and who has access to it.',
  destination:
    'Only viewers and editors can query the shared data; only editors can delete the connection and change who has access to it.',
};
