import styles from './skeleton.module.css';

/** The place of something that is on its way. Decoration: the region around it says that it is loading. */
export function Skeleton({ width = '100%', height = '0.875rem' }: { width?: string; height?: string }) {
  return <span className={styles.skeleton} style={{ width, height }} aria-hidden="true" />;
}
