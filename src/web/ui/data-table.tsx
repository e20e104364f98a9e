import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './data-table.module.css';

interface DataTableProps {
  /** Accessible name. */
  label: string;
  columns: readonly { label: string; isNumber?: boolean }[];
  /** A cell for each column. The first one names the row. */
  rows: readonly { id: string; cells: readonly ReactNode[] }[];
}

/** A dense table of numbers. It scrolls sideways where it does not fit. */
export function DataTable({ label, columns, rows }: DataTableProps) {
  return (
    // Scrolling with the keyboard needs focus.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above
    <section className={styles.frame} aria-label={label} tabIndex={0}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label} scope="col" className={classNames(column.isNumber && styles.number)}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, cells: [name, ...cells] }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              {cells.map((cell, index) => (
                <td
                  key={columns[index + 1]?.label}
                  className={classNames(columns[index + 1]?.isNumber && styles.number)}
                >
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
