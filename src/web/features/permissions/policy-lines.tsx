import { useDeferredValue } from 'react';
import {
  type Principal,
  principalType,
  type Relation,
  RELATIONS,
} from '../../../contract/restriction-policies/constants.ts';
import { Tag } from '../../ui/badge.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { CloseIcon } from '../../ui/icons.tsx';
import { Select } from '../../ui/select.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import styles from './permissions-dialog.module.css';
import { detailOf, nameOf, type Names, PrincipalIcon, RELATION_LABELS } from './principal-words.tsx';

const RELATION_OPTIONS = RELATIONS.map((relation) => ({ value: relation, label: RELATION_LABELS[relation] }));

/** More than are in view at once. */
const FIRST_LINES = 20;

interface PolicyLinesProps {
  lines: ReadonlyMap<Principal, Relation>;
  names: Names;
  /** As what the person who looks at it may be named. */
  mine: ReadonlySet<Principal>;
  /** Undefined: the lines can only be read. */
  onChange?: ((principal: Principal, relation: Relation | undefined) => void) | undefined;
}

/** Who has access, one line each: how, and the control that takes it away. */
export function PolicyLines({ lines, names, mine, onChange }: PolicyLinesProps) {
  // The first are there at once; hundreds more follow without holding up what the person does.
  const showsAll = useDeferredValue(true, false);
  if (lines.size === 0) {
    return <p className={styles.nobody}>Nobody is named: nobody has access.</p>;
  }
  return (
    // A long list scrolls, and the keyboard must reach what it can only read.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <ul className={styles.lines} aria-label="Who has access" tabIndex={onChange ? undefined : 0}>
      {[...lines].slice(0, showsAll ? undefined : FIRST_LINES).map(([principal, relation]) => (
        <Line
          key={principal}
          principal={principal}
          relation={relation}
          name={
            names.known.has(principal) || names.status !== 'pending' ? nameOf(principal, names) : undefined
          }
          detail={detailOf(principal, names)}
          isMine={mine.has(principal)}
          onChange={onChange}
        />
      ))}
    </ul>
  );
}

interface LineProps extends Pick<PolicyLinesProps, 'onChange'> {
  principal: Principal;
  relation: Relation;
  name: string | undefined;
  detail: string;
  isMine: boolean;
}

/** The element id of the button that removes a line; the focus goes there when the line before it is gone. */
export function removeButtonId(principal: Principal): string {
  return `remove-${principal}`;
}

function Line({ principal, relation, name, detail, isMine, onChange }: LineProps) {
  return (
    <li className={styles.line}>
      <PrincipalIcon principal={principal} />
      <span className={styles.who}>
        <span className={styles.name}>
          {name ?? <Skeleton width="9rem" />}
          {isMine && <Tag>{principalType(principal) === 'user' ? 'You' : 'Includes you'}</Tag>}
        </span>
        <span className={styles.detail}>{detail}</span>
      </span>
      {onChange ? (
        <>
          <Select
            label={`Access of ${name ?? 'this line'}`}
            options={RELATION_OPTIONS}
            value={relation}
            onChange={(chosen) => onChange(principal, chosen)}
          />
          <IconButton
            id={removeButtonId(principal)}
            label={`Remove ${name ?? 'this line'}`}
            icon={<CloseIcon />}
            onClick={() => onChange(principal, undefined)}
          />
        </>
      ) : (
        <span className={styles.relation}>{RELATION_LABELS[relation]}</span>
      )}
    </li>
  );
}
