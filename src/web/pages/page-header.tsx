import type { ReactNode } from 'react';
import { messages } from '../common/messages.ts';
import styles from './page-header.module.css';

const HEADING_ID = 'page-heading';

interface PageHeaderProps {
  title: string;
  /** Part of the console to which the page belongs. */
  part?: string;
  action?: ReactNode;
}

/** Heading of a page, by default of the settings. */
export function PageHeader({ title, part = messages.organizationSettings, action }: PageHeaderProps) {
  return (
    <header className={styles.header}>
      <div>
        {part !== '' && <p className={styles.eyebrow}>{part}</p>}
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
