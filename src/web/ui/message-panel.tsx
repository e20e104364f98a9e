import type { ReactNode } from 'react';
import styles from './message-panel.module.css';

interface MessagePanelProps {
  art?: ReactNode;
  title: string;
  children: ReactNode;
  action?: ReactNode;
  role?: 'alert';
}

/** Replaces missing content with the reason: empty, no match, no permission, or an error. */
export function MessagePanel({ art, title, children, action, role }: MessagePanelProps) {
  return (
    <div className={styles.panel} role={role}>
      {art}
      <h2 className={styles.title}>{title}</h2>
      <div className={styles.text}>{children}</div>
      {action}
    </div>
  );
}
