import { Outlet } from 'react-router';
import { useOrgUser } from '../common/use-org-user.ts';
import styles from './main-layout.module.css';

/** Place of a page that is not part of the settings. */
export function MainLayout() {
  const user = useOrgUser();
  return (
    <main id="main" tabIndex={-1} className={styles.main}>
      <Outlet context={user} />
    </main>
  );
}
