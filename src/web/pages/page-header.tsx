import type { ReactNode } from 'react';
import { messages } from '../common/messages.ts';
import styles from './page-header.module.css';

const HEADING_ID = 'page-heading';

/** Heading of a settings page. */
export function PageHeader({ title, action }: { title: string; action?: ReactNode }) {
  return (
    <header className={styles.header}>
      <div>
        <p className={styles.eyebrow}>{messages.organizationSettings}</p>
        <h1 id={HEADING_ID} tabIndex={-1} className={styles.title}>
          {title}
        </h1>
      </div>
      {action}
    </header>
  );
}

/** Returns the page's heading, which takes focus when the opener of a dialog is gone. */
export function pageHeading(): HTMLElement | null {
  return document.getElementById(HEADING_ID);
}
