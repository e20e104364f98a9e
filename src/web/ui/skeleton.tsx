import styles from './skeleton.module.css';

/** A placeholder for content that is loading. Decoration: the element around it needs a text. */
export function Skeleton({ width = '100%', height = '0.875rem' }: { width?: string; height?: string }) {
  return <span className={styles.skeleton} style={{ width, height }} aria-hidden="true" />;
}
