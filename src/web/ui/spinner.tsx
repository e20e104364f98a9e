import styles from './spinner.module.css';

/** Turns while something is under way. Decoration: whatever holds it also says so. */
export function Spinner() {
  return <span className={styles.spinner} aria-hidden="true" />;
}
