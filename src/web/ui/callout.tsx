import type { ReactNode } from 'react';
import styles from './callout.module.css';
import { classNames } from './class-names.ts';
import { textsInElements } from './texts.tsx';
import { InfoIcon, TriangleAlertIcon } from 'lucide-react';

interface CalloutProps {
  tone?: 'info' | 'warning' | 'danger';
  /** How screen readers announce it when it appears; undefined: not at all. */
  live?: 'polite' | 'assertive';
  /** A button after the text. */
  action?: ReactNode;
  children: ReactNode;
}

const ROLES = { polite: 'status', assertive: 'alert' };

/** A notice beside the content that it is about. */
export function Callout({ tone = 'info', live, action, children }: CalloutProps) {
  return (
    <div className={classNames(styles.callout, styles[tone])} role={live && ROLES[live]}>
      {tone === 'info' ? <InfoIcon /> : <TriangleAlertIcon />}
      <div className={styles.text}>{textsInElements(children)}</div>
      {action}
    </div>
  );
}

/** The messages of an error. */
export function ErrorCallout({ messages }: { messages: readonly string[] }) {
  return (
    <Callout tone="danger" live="assertive">
      {messages.map((message) => (
        <p key={message}>{message}</p>
      ))}
    </Callout>
  );
}
