import type { ReactNode } from 'react';
import styles from './page-header.module.css';

const HEADING_ID = 'page-heading';

/** Begins a page of an organization's settings. */
export function PageHeader({ title, action }: { title: string; action?: ReactNode }) {
  return (
    <header className={styles.header}>
      <div>
        <p className={styles.eyebrow}>Organization settings</p>
        <h1 id={HEADING_ID} tabIndex={-1} className={styles.title}>
          {title}
        </h1>
      </div>
      {action}
    </header>
  );
}

/** Where the focus goes when what opened a dialog is there no more. */
export function pageHeading(): HTMLElement | null {
  return document.getElementById(HEADING_ID);
}
