import type { OrgUser } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { messages } from './messages.ts';
import styles from './permissions-dialog.module.css';
import { changesBetween, combine, contestedBetween, type Draft } from './policy-draft.ts';
import { describeChange, nameOf, type Names, PrincipalIcon } from './principal-names.tsx';
import { useAccess, useNames } from './queries.ts';
import type { PolicyEdit } from './use-policy-draft.ts';

interface ChangedMeanwhileProps {
  user: OrgUser;
  connectionId: string;
  mine: PolicyEdit;
  theirs: Draft;
  onCombine: (combined: Draft) => void;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}

/** Shows the changes of two people who edited the policy at the same time, and lets the user choose. */
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
      <p>{messages.changedMeanwhile}</p>
      <p className={styles.differenceTitle}>{messages.theirChanges}</p>
      {names.status === 'pending' ? (
        <Skeleton width="50%" />
      ) : (
        <Difference before={mine.basis.policy} after={theirs} names={names} />
      )}
      <p className={styles.differenceTitle}>{messages.yourChanges}</p>
      <Difference before={mine.basis.policy} after={mine.draft} names={names} />
      {combined && contested.length > 0 && (
        <p>{messages.contested(contested.map((principal) => nameOf(principal, names)))}</p>
      )}
      <span className={styles.choices}>
        {combined && (
          <Button variant="quiet" onClick={() => onCombine(combined)}>
            {messages.combine}
          </Button>
        )}
        <Button variant="quiet" onClick={onKeepMine}>
          {messages.keepMine}
        </Button>
        <Button variant="quiet" onClick={onTakeTheirs}>
          {messages.takeTheirs}
        </Button>
      </span>
    </Callout>
  );
}

function Difference({ before, after, names }: { before: Draft; after: Draft; names: Names }) {
  return (
    <ul className={styles.difference}>
      {before !== undefined && after === undefined && <li>{messages.restored}</li>}
      {before === undefined && after !== undefined && <li>{messages.restrictedChange}</li>}
      {after !== undefined &&
        changesBetween(before, after).map((changed) => (
          <li key={changed.principal}>
            <PrincipalIcon principal={changed.principal} />
            <span>{describeChange(changed, names)}</span>
          </li>
        ))}
    </ul>
  );
}
