import { ArrowRightIcon } from '../../ui/icons.tsx';
import styles from './connection-ends.module.css';

/** "Acme Production → Acme Staging" */
export function ConnectionEnds({ source, destination }: { source: string; destination: string }) {
  return (
    <p className={styles.ends}>
      <span>{source}</span>
      <ArrowRightIcon />
      <span className="visually-hidden"> shares with </span>
      <span>{destination}</span>
    </p>
  );
}
