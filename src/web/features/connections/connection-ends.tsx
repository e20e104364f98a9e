import { ArrowRightIcon } from 'lucide-react';
import { messages } from './messages.ts';
import styles from './connection-ends.module.css';

/** "Acme Production → Acme Staging" */
export function ConnectionEnds({ source, destination }: { source: string; destination: string }) {
  return (
    <p className={styles.ends}>
      <span>{source}</span>
      <ArrowRightIcon />
      <span className="visually-hidden">{` ${messages.sharesWith} `}</span>
      <span>{destination}</span>
    </p>
  );
}
