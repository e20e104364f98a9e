import type { ReactNode } from 'react';
import { ArrowDownIcon, ArrowUpIcon, ChevronsUpDownIcon } from 'lucide-react';
import { Skeleton } from './skeleton.tsx';
import styles from './table.module.css';

/*
 * A table that becomes a list of cards on narrow screens. Browsers drop a table's semantics when its `display` changes, so
 * every part names its role, which the linter considers redundant:
 */
/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role */

interface TableProps {
  /** Accessible name. */
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
  /** Name of the column, shown beside the value on narrow screens. */
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

/** The row's last cell, with its links to dialogs. */
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
  /** Show the name to screen readers only. */
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
  /** Rest of the name, shown only on wide screens. */
  detail?: string | undefined;
  /** Undefined if the table is sorted by another column. */
  direction: SortDirection | undefined;
  onSort: () => void;
}

const SORT_ICONS = { ascending: ArrowUpIcon, descending: ArrowDownIcon, none: ChevronsUpDownIcon };

export function SortableHeader({ label, detail, direction, onSort }: SortableHeaderProps) {
  const SortIcon = SORT_ICONS[direction ?? 'none'];
  return (
    <th role="columnheader" scope="col" aria-sort={direction ?? 'none'} className={styles.sortableHeader}>
      <button type="button" className={styles.sortButton} onClick={onSort}>
        <span>
          <span>{label}</span> {detail && <span className={styles.detail}>{detail}</span>}
        </span>
        <SortIcon />
      </button>
    </th>
  );
}

/** Placeholders while rows load, as high as rows of one or two lines. */
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
