import type { NamedPrincipal } from '../../../contract/access/schema.ts';
import { permissionRequired } from '../../i18n/error-messages.ts';
import type { OrgUser } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { formatList } from '../../ui/format.ts';
import { LockIcon, OpenLockIcon, PlusIcon } from '../../ui/icons.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import styles from './permissions-dialog.module.css';
import { changesBetween, combine, contestedBetween, type Draft } from './policy-draft.ts';
import { changeWords, nameOf, type Names, PrincipalIcon } from './principal-words.tsx';
import { useAccess, useNames } from './queries.ts';
import type { PolicyEdit } from './use-policy-draft.ts';

/* What the Permissions dialog says besides the lines of the policy. */

interface FullAccessProps {
  /** Of the button that restricts. */
  restrictId: string;
  org: string;
  side: 'source' | 'destination';
  /** It is not so yet, but will be when it is saved. */
  isChange: boolean;
  onRestrict: (() => void) | undefined;
}

/** No policy: who has access, and the way to restrict it. */
export function FullAccess({ restrictId, org, side, isChange, onRestrict }: FullAccessProps) {
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
        <Button id={restrictId} onClick={onRestrict}>
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
  /** People who can change it now, by name. */
  helpers: readonly string[];
}

/** Why the person can change nothing here, and who can help. */
export function WhyReadOnly({ user, policy, names, isEditor, helpers }: WhyReadOnlyProps) {
  const editors = [...(policy ?? [])]
    .filter(([, relation]) => relation === 'editor')
    .map(([principal]) => nameOf(principal, names));
  return (
    <Callout>
      {isEditor ? (
        <p>
          You can see who has access but not change it. {permissionRequired('org_connections_write')} an
          administrator of {user.org.name} can grant it.
        </p>
      ) : (
        <>
          <p>You can view this connection but not change it or its permissions.</p>
          <p>
            {editors.length > 0
              ? `Its editors can help: ${firstOf(editors)}.`
              : `It has no editor any more. Whoever has the permission user_access_manage in ${user.org.name} can help.`}
          </p>
          {helpers.length > 0 && <p>People to ask: {firstOf(helpers)}.</p>}
        </>
      )}
    </Callout>
  );
}

/** "a, b, and others" */
function firstOf(names: readonly string[]): string {
  return formatList(names.length > 5 ? [...names.slice(0, 5), 'others'] : names);
}

interface ChangedMeanwhileProps {
  user: OrgUser;
  connectionId: string;
  mine: PolicyEdit;
  theirs: Draft;
  onCombine: (combined: Draft) => void;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}

/** Somebody saved while the person was changing: what each of them did, and the choice between them. */
export function ChangedMeanwhile({
  user,
  connectionId,
  mine,
  theirs,
  onCombine,
  onKeepMine,
  onTakeTheirs,
}: ChangedMeanwhileProps) {
  const combined = combine(mine.basis.policy, mine.draft, theirs);
  const contested = contestedBetween(mine.basis.policy, mine.draft, theirs);
  const names = useNames(user, useAccess(user.org.id, connectionId, theirs, ''));
  return (
    <Callout tone="warning" live="assertive">
      <p>
        These permissions changed while you were editing. Choose which changes to keep. Nothing has been
        saved.
      </p>
      <p className={styles.differenceTitle}>Their changes</p>
      {names.status === 'pending' ? (
        <Skeleton width="50%" />
      ) : (
        <Difference before={mine.basis.policy} after={theirs} names={names} />
      )}
      <p className={styles.differenceTitle}>Your changes</p>
      <Difference before={mine.basis.policy} after={mine.draft} names={names} />
      {combined && contested.length > 0 && (
        <p>
          You both changed {formatList(contested.map((principal) => nameOf(principal, names)))}: combining
          takes the lesser access.
        </p>
      )}
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

interface OfferedDraftProps {
  onContinue: () => void;
  onDiscard: () => void;
}

/** What was left unsaved when the dialog was open before. */
export function OfferedDraft({ onContinue, onDiscard }: OfferedDraftProps) {
  return (
    <Callout
      live="polite"
      action={
        <span className={styles.choices}>
          <Button variant="quiet" onClick={onContinue}>
            Continue
          </Button>
          <Button variant="quiet" onClick={onDiscard}>
            Discard
          </Button>
        </span>
      }
    >
      You have unsaved changes from earlier.
    </Callout>
  );
}

/** For someone who manages access and is no editor: the way in. */
export function ElevateAccess({ onElevate }: { onElevate: () => void }) {
  return (
    <Callout
      action={
        <Button variant="quiet" onClick={onElevate}>
          Elevate Access
        </Button>
      }
    >
      You are not an editor of this connection. As you manage access, you may change its policy all the same,
      and add yourself as editor.
    </Callout>
  );
}

interface LockoutWarningProps {
  /** As what the person may be named. */
  own: readonly NamedPrincipal[];
  onAdd: (named: NamedPrincipal) => void;
  /** Only for someone who manages access: whether they mean it. */
  accepted: boolean | undefined;
  onAccept: (accepted: boolean) => void;
}

/** The policy on screen would lock its author out: what of theirs to add, in one click. */
export function LockoutWarning({ own, onAdd, accepted, onAccept }: LockoutWarningProps) {
  return (
    <Callout tone="warning" live="polite">
      <p>
        As it stands you could not change this connection any more. To save, name at least one Editor that
        includes you:
      </p>
      <span className={styles.choices}>
        {own.map((named) => (
          <Button key={named.principal} variant="quiet" onClick={() => onAdd(named)}>
            <PlusIcon />
            {named.name}
          </Button>
        ))}
      </span>
      {accepted !== undefined && (
        <Checkbox
          label="Save without me. I can regain access because I manage access here."
          checked={accepted}
          onChange={onAccept}
        />
      )}
    </Callout>
  );
}
