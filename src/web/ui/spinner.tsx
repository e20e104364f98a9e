import styles from './spinner.module.css';

/** Shows that something is running. Decoration: the element around it needs a text. */
export function Spinner() {
  return <span className={styles.spinner} aria-hidden="true" />;
}
