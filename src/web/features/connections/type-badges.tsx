import type { ConnectionType } from '../../../contract/org-connections/constants.ts';
import { Badge } from '../../ui/badge.tsx';
import { TYPE_HUES } from './connection.ts';
import { messages } from './messages.ts';
import styles from './connections-table.module.css';

export function TypeBadges({ types }: { types: readonly ConnectionType[] }) {
  return (
    <ul className={styles.badges}>
      {types.map((type) => (
        <li key={type}>
          <Badge hue={TYPE_HUES[type]}>{messages.dataTypes[type]}</Badge>
        </li>
      ))}
    </ul>
  );
}
