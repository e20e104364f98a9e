import { Link, NavLink, useLocation } from 'react-router';
import { homePath, PAGE_NAMES, pagePath, PAGES } from '../common/navigation.ts';
import { messages } from '../common/messages.ts';
import styles from './main-navigation.module.css';

/** Links to the pages of an organization, and to its settings. */
export function MainNavigation({ orgId }: { orgId: string }) {
  const names = PAGE_NAMES.filter((name) => PAGES[name].place === 'main');
  return (
    <nav className={styles.navigation} aria-label={messages.pages}>
      {names.map((name) => (
        <NavLink key={name} to={pagePath(name, orgId)}>
          {PAGES[name].title}
        </NavLink>
      ))}
      <SettingsLink orgId={orgId} />
    </nav>
  );
}

/** Current on every page of the settings. */
function SettingsLink({ orgId }: { orgId: string }) {
  const { pathname } = useLocation();
  const isCurrent = pathname.startsWith(`/orgs/${orgId}/settings/`);
  return (
    <Link to={homePath(orgId)} aria-current={isCurrent ? 'page' : undefined}>
      {messages.settings}
    </Link>
  );
}
