import type { ReactNode } from 'react';
import styles from './callout.module.css';
import { classNames } from './class-names.ts';
import { InfoIcon, TriangleAlertIcon } from 'lucide-react';

interface CalloutProps {
  tone?: 'info' | 'warning' | 'danger';
  /** Whether a screen reader is told when it appears, and interrupted for it; else it is read in its place. */
  live?: 'polite' | 'assertive';
  /** A button at the end. */
  action?: ReactNode;
  children: ReactNode;
}

const ROLES = { polite: 'status', assertive: 'alert' };

/** Something to know, beside what it is about. */
export function Callout({ tone = 'info', live, action, children }: CalloutProps) {
  return (
    <div className={classNames(styles.callout, styles[tone])} role={live && ROLES[live]}>
      {tone === 'info' ? <InfoIcon /> : <TriangleAlertIcon />}
      <div className={styles.text}>{children}</div>
      {action}
    </div>
  );
}

/** What the server said when it refused, in its own words. */
export function ErrorCallout({ messages }: { messages: readonly string[] }) {
  return (
    <Callout tone="danger" live="assertive">
      {messages.map((message) => (
        <p key={message}>{message}</p>
      ))}
    </Callout>
  );
}
