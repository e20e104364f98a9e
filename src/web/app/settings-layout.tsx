import { NavLink, Outlet } from 'react-router';
import { PAGE_NAMES, pagePath, PAGES } from '../common/navigation.ts';
import { messages } from '../common/messages.ts';
import { useOrgUser } from '../common/use-org-user.ts';
import styles from './settings-layout.module.css';

/** Navigation of an organization's settings, above the selected page. */
export function SettingsLayout() {
  const user = useOrgUser();
  const names = PAGE_NAMES.filter((name) => PAGES[name].place === 'settings');
  return (
    <>
      <nav className={styles.navigation} aria-label={messages.organizationSettings}>
        {names.map((name) => (
          <NavLink key={name} to={pagePath(name, user.org.id)}>
            {PAGES[name].title}
          </NavLink>
        ))}
      </nav>
      <main id="main" tabIndex={-1} className={styles.main}>
        <Outlet context={user} />
      </main>
    </>
  );
}
