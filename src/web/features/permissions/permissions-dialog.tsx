import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { NamedPrincipal } from '../../../contract/access.schema.ts';
import type { PermittedActions } from '../../../contract/org-connections.schema.ts';
import type { Principal, Relation } from '../../../contract/restriction-policies.ts';
import { missingPermission, relationUnder } from '../../../rules/access.ts';
import { errorMessages } from '../../api/request.ts';
import type { OrgUser } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { Callout, ErrorCallout } from '../../ui/callout.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog, DialogBody, type DialogFrame, DialogFooter, LoadingDialog } from '../../ui/dialog.tsx';
import { formatList } from '../../ui/format.ts';
import { LockIcon, OpenLockIcon, PlusIcon } from '../../ui/icons.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { DiscardDialog } from './discard-dialog.tsx';
import { changesBetween, combine, type Draft, sameDraft, toPolicy } from './policy-draft.ts';
import { PolicyLines, removeButtonId } from './policy-lines.tsx';
import styles from './permissions-dialog.module.css';
import { PrincipalPicker } from './principal-picker.tsx';
import { changeWords, nameOf, type Names, PrincipalIcon, RELATION_LABELS } from './principal-words.tsx';
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
  const mine = touched && !sameDraft(touched.draft, touched.basis.policy) ? touched : undefined;
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
  const self: Principal = `user:${user.id}`;
  const mayEdit = connection.permitted.set_policy;
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

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!mine || obstacleToSave() !== undefined || isBusy) return;
    save.mutate({ ...mine, allowSelfLockout: acceptsLockout }, { onSuccess: leave });
  }

  /** Why what is on screen cannot be saved. */
  function obstacleToSave(): string | undefined {
    if (isOutdated) return 'Choose first what becomes of your changes';
    if (!isEditorThen && !acceptsLockout) return 'You would lose access: name an Editor that includes you';
    return undefined;
  }

  return (
    <Dialog
      {...frame}
      pending={save.isPending}
      onClose={() => (mine && !isBusy ? setIsAsking(true) : frame.onClose())}
    >
      <form onSubmit={submit}>
        <DialogBody>
          {summary}
          {offered && mayEdit && (
            <Callout
              live="polite"
              action={
                <span className={styles.choices}>
                  <Button
                    variant="quiet"
                    onClick={() => change(offered.draft, 'Your changes are back.', offered.basis)}
                  >
                    Continue
                  </Button>
                  <Button
                    variant="quiet"
                    onClick={() => {
                      kept.forget();
                      setOffered(undefined);
                      setAnnouncement('Your earlier changes are discarded.');
                    }}
                  >
                    Discard
                  </Button>
                </span>
              }
            >
              You left changes here without saving them.
            </Callout>
          )}
          {!mayEdit && <WhyReadOnly user={user} policy={saved.policy} names={names} isEditor={isEditorNow} />}
          {mayEdit && managesAccess && !isEditorNow && !isEditorThen && (
            <Callout
              action={
                <Button
                  variant="quiet"
                  onClick={() => {
                    const next = new Map(draft).set(self, 'editor');
                    change(next, 'You are added as Editor.');
                  }}
                >
                  Elevate Access
                </Button>
              }
            >
              You are not an editor of this connection. As you manage access, you may change its policy all
              the same, and add yourself as editor.
            </Callout>
          )}

          {draft === undefined ? (
            <FullAccess
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
            <Callout tone="warning" live="polite">
              <p>
                As it stands you could not change this connection any more. To save, name at least one Editor
                that includes you:
              </p>
              <span className={styles.choices}>
                {own.map((named) => (
                  <Button key={named.principal} variant="quiet" onClick={() => add([named])}>
                    <PlusIcon />
                    {named.name}
                  </Button>
                ))}
              </span>
              {managesAccess && (
                <Checkbox
                  label="Save without me as an editor: I manage access and can come back"
                  checked={acceptsLockout}
                  onChange={setAcceptsLockout}
                />
              )}
            </Callout>
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
          <Button onClick={() => (mine ? setIsAsking(true) : frame.onClose())} disabled={save.isPending}>
            {mayEdit ? 'Cancel' : 'Close'}
          </Button>
          {mayEdit && (
            <Button
              type="submit"
              variant="primary"
              pending={save.isPending}
              disabled={!mine}
              obstacle={mine && obstacleToSave()}
            >
              Save
            </Button>
          )}
        </DialogFooter>
      </form>
      {isAsking && <DiscardDialog onKeep={() => setIsAsking(false)} onDiscard={leave} />}
    </Dialog>
  );
}

const MEANING = {
  source: 'Only editors can change or delete this connection, and who has access to it.',
  destination:
    'Only viewers and editors can query the shared data; only editors can delete the connection and change who has access to it.',
};

interface FullAccessProps {
  org: string;
  side: 'source' | 'destination';
  /** It is not so yet, but will be when it is saved. */
  isChange: boolean;
  onRestrict: (() => void) | undefined;
}

/** No policy: who has access, and the way to restrict it. */
function FullAccess({ org, side, isChange, onRestrict }: FullAccessProps) {
  return (
    <div className={styles.fullAccess}>
      <p className={styles.meaning}>
        <OpenLockIcon />
        <span>
          {isChange && 'Full access will be restored when you save: '}
          {isChange ? 'everyone' : 'Everyone'} in <strong>{org}</strong> with the permission{' '}
          {side === 'destination' && (
            <>
              for the shared data and <code>org_connections_read</code> can query them; everyone with{' '}
            </>
          )}
          <code>org_connections_write</code> can {side === 'source' && 'change or '}delete this connection.
        </span>
      </p>
      {onRestrict && (
        <Button id={RESTRICT_ID} onClick={onRestrict}>
          <LockIcon />
          Restrict Access
        </Button>
      )}
    </div>
  );
}

interface WhyReadOnlyProps {
  user: OrgUser;
  policy: Draft;
  names: Names;
  isEditor: boolean;
}

/** Why the person can change nothing here, and who can help. */
function WhyReadOnly({ user, policy, names, isEditor }: WhyReadOnlyProps) {
  const editors = [...(policy ?? [])].filter(([, relation]) => relation === 'editor');
  const helpers = editors.slice(0, 5).map(([principal]) => nameOf(principal, names));
  if (editors.length > helpers.length) helpers.push('others');
  return (
    <Callout>
      {isEditor ? (
        <p>
          You can see who has access but not change it. {missingPermission('org_connections_write')}; an
          administrator of {user.org.name} can grant it.
        </p>
      ) : (
        <>
          <p>
            You are not an editor of this connection, so you can change neither it nor who has access to it.
          </p>
          <p>
            {helpers.length > 0
              ? `Its editors can help: ${formatList(helpers)}.`
              : `It has no editor any more. Whoever has the permission user_access_manage in ${user.org.name} can help.`}
          </p>
        </>
      )}
    </Callout>
  );
}

interface ChangedMeanwhileProps {
  user: OrgUser;
  connectionId: string;
  mine: KeptDraft;
  theirs: Draft;
  onCombine: (combined: Draft) => void;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}

/** Somebody saved while the person was changing: what each of them did, and the choice between them. */
function ChangedMeanwhile({
  user,
  connectionId,
  mine,
  theirs,
  onCombine,
  onKeepMine,
  onTakeTheirs,
}: ChangedMeanwhileProps) {
  const combined = combine(mine.basis.policy, mine.draft, theirs);
  const { isPending } = useAccess(user.org.id, connectionId, theirs, '');
  const names = useNames(user);
  return (
    <Callout tone="warning" live="assertive">
      <p>
        Somebody changed this policy meanwhile. Choose what becomes of your changes; nothing is saved yet.
      </p>
      <p className={styles.differenceTitle}>Their changes</p>
      {isPending ? (
        <Skeleton width="50%" />
      ) : (
        <Difference before={mine.basis.policy} after={theirs} names={names} />
      )}
      <p className={styles.differenceTitle}>Your changes</p>
      <Difference before={mine.basis.policy} after={mine.draft} names={names} />
      <span className={styles.choices}>
        {combined && (
          <Button variant="quiet" onClick={() => onCombine(combined)}>
            Combine both
          </Button>
        )}
        <Button variant="quiet" onClick={onKeepMine}>
          Keep mine only
        </Button>
        <Button variant="quiet" onClick={onTakeTheirs}>
          Take theirs
        </Button>
      </span>
    </Callout>
  );
}

function Difference({ before, after, names }: { before: Draft; after: Draft; names: Names }) {
  return (
    <ul className={styles.difference}>
      {before !== undefined && after === undefined && <li>Full access restored</li>}
      {before === undefined && after !== undefined && <li>Access restricted</li>}
      {after !== undefined &&
        changesBetween(before, after).map((changed) => (
          <li key={changed.principal}>
            <PrincipalIcon principal={changed.principal} />
            {changeWords(changed, names)}
          </li>
        ))}
    </ul>
  );
}

/** Moves the focus once what it goes to is there: what was pressed may be gone by then. */
function useFocusSoon(): (id: string) => void {
  const wanted = useRef<string>(undefined);
  useEffect(() => {
    if (wanted.current === undefined) return;
    document.getElementById(wanted.current)?.focus();
    wanted.current = undefined;
  });
  return (id) => {
    wanted.current = id;
  };
}
