import type { ReactNode } from 'react';
import { SortIcon } from './icons.tsx';
import { Skeleton } from './skeleton.tsx';
import styles from './table.module.css';

/*
 * A table that becomes a list of cards on a narrow screen. Browsers drop a table's semantics when its `display` changes,
 * so every part names its role, which the linter takes for superfluous:
 */
/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role */

interface TableProps {
  /** What the rows are, for screen readers. */
  label: string;
  head: ReactNode;
  children: ReactNode;
  busy?: boolean;
}

export function Table({ label, head, children, busy }: TableProps) {
  return (
    <div className={styles.frame}>
      <table role="table" className={styles.table} aria-label={label} aria-busy={busy || undefined}>
        <thead role="rowgroup" className={styles.head}>
          <tr role="row" className={styles.headRow}>
            {head}
          </tr>
        </thead>
        <tbody role="rowgroup" className={styles.body}>
          {children}
        </tbody>
      </table>
    </div>
  );
}

export function Row({ children }: { children: ReactNode }) {
  return (
    <tr role="row" className={styles.row}>
      {children}
    </tr>
  );
}

interface CellProps {
  /** The column's name, shown beside the value where there are no columns. */
  label: string;
  children: ReactNode;
}

export function Cell({ label, children }: CellProps) {
  return (
    <td role="cell" className={styles.cell} data-label={label}>
      {children}
    </td>
  );
}

/** The row's last cell: its controls show under the pointer and for the keyboard, and always on a touch screen. */
export function ActionsCell({ children }: { children: ReactNode }) {
  return (
    <td role="cell" className={styles.actions}>
      <div className={styles.actionsInner}>{children}</div>
    </td>
  );
}

type SortDirection = 'ascending' | 'descending';

interface HeaderProps {
  label: string;
  /** The name is for screen readers alone: the column explains itself. */
  labelHidden?: boolean;
}

export function Header({ label, labelHidden }: HeaderProps) {
  return (
    <th role="columnheader" scope="col" className={styles.header}>
      <span className={labelHidden ? 'visually-hidden' : undefined}>{label}</span>
    </th>
  );
}

interface SortableHeaderProps {
  label: string;
  /** The rest of the name, which is seen only where there is room. */
  detail?: string | undefined;
  /** How the table is sorted by this column now; undefined when it is sorted by another. */
  direction: SortDirection | undefined;
  onSort: () => void;
}

export function SortableHeader({ label, detail, direction, onSort }: SortableHeaderProps) {
  return (
    <th role="columnheader" scope="col" aria-sort={direction ?? 'none'} className={styles.sortableHeader}>
      <button type="button" className={styles.sortButton} onClick={onSort}>
        <span>
          {label} {detail && <span className={styles.detail}>{detail}</span>}
        </span>
        <SortIcon direction={direction} />
      </button>
    </th>
  );
}

/** Rows on their way. They take the room of rows of a line or two. */
export function SkeletonRows({ rows, labels }: { rows: number; labels: readonly string[] }) {
  return Array.from({ length: rows }, (_, index) => (
    <tr key={index} role="row" className={styles.row} aria-hidden="true">
      {labels.map((label, column) => (
        <Cell key={label} label={label}>
          <div className={styles.placeholder}>
            <Skeleton width={`${55 + ((index * 7 + column * 13) % 4) * 10}%`} />
          </div>
        </Cell>
      ))}
      <ActionsCell>{null}</ActionsCell>
    </tr>
  ));
}
