import { useDeferredValue } from 'react';
import {
  type Principal,
  principalType,
  type Relation,
  RELATIONS,
} from '../../../contract/restriction-policies/constants.ts';
import { Tag } from '../../ui/badge.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { XIcon } from 'lucide-react';
import { Select } from '../../ui/select.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import styles from './permissions-dialog.module.css';
import { removeButtonId } from './element-ids.ts';
import { messages } from './messages.ts';
import { detailOf, nameOf, type Names, PrincipalIcon } from './principal-names.tsx';

const RELATION_OPTIONS = RELATIONS.map((relation) => ({
  value: relation,
  label: messages.relations[relation],
}));

/** More than fit on the screen. */
const FIRST_LINES = 20;

interface PolicyLinesProps {
  lines: ReadonlyMap<Principal, Relation>;
  side: 'source' | 'destination';
  names: Names;
  /** Principals that include the user. */
  mine: ReadonlySet<Principal>;
  /** Called with undefined to remove a line. Undefined: read-only. */
  onChange?: ((principal: Principal, relation: Relation | undefined) => void) | undefined;
}

/** The lines of a policy: a principal, its relation, and the button that removes it. */
export function PolicyLines({ lines, side, names, mine, onChange }: PolicyLinesProps) {
  // The first lines are rendered at once; hundreds more follow without blocking input.
  const showsAll = useDeferredValue(true, false);
  if (lines.size === 0) {
    return <p className={styles.empty}>{messages.noLines[side]}</p>;
  }
  return (
    // A long list scrolls, and must be focusable to scroll it with the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <ul className={styles.lines} aria-label={messages.linesLabel} tabIndex={onChange ? undefined : 0}>
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

function Line({ principal, relation, name, detail, isMine, onChange }: LineProps) {
  return (
    <li className={styles.line}>
      <PrincipalIcon principal={principal} />
      <span className={styles.who}>
        <span className={styles.name}>
          {name === undefined ? <Skeleton width="9rem" /> : <span>{name}</span>}
          {isMine && <Tag>{principalType(principal) === 'user' ? messages.you : messages.includesYou}</Tag>}
        </span>
        <span className={styles.detail}>{detail}</span>
      </span>
      {onChange ? (
        <>
          <Select
            label={messages.accessOf(name ?? messages.thisLine)}
            options={RELATION_OPTIONS}
            value={relation}
            onChange={(chosen) => onChange(principal, chosen)}
          />
          <IconButton
            id={removeButtonId(principal)}
            label={messages.remove(name ?? messages.thisLine)}
            icon={<XIcon />}
            onClick={() => onChange(principal, undefined)}
          />
        </>
      ) : (
        <span className={styles.relation}>{messages.relations[relation]}</span>
      )}
    </li>
  );
}
