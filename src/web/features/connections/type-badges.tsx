import type { ConnectionType } from '../../../contract/org-connections/constants.ts';
import { Badge } from '../../ui/badge.tsx';
import { TYPE_HUES } from './connection.ts';
import { dataTypeLabels } from '../../i18n/labels.ts';
import styles from './connections-table.module.css';

export function TypeBadges({ types }: { types: readonly ConnectionType[] }) {
  return (
    <ul className={styles.badges}>
      {types.map((type) => (
        <li key={type}>
          <Badge hue={TYPE_HUES[type]}>{dataTypeLabels[type]}</Badge>
        </li>
      ))}
    </ul>
  );
}
