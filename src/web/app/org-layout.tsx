import { Link, NavLink, Outlet, useLocation, useNavigate, useParams } from 'react-router';
import type { ConsoleSession } from '../../contract/console/schema.ts';
import { useRememberOrg } from '../features/session/last-org.ts';
import { OrgSwitcher } from '../features/session/org-switcher.tsx';
import { PersonMenu } from '../features/session/person-menu.tsx';
import { sameSettingsPath, SETTINGS_PAGE_NAMES, SETTINGS_PAGES, settingsPath } from '../common/navigation.ts';
import { LogoIcon } from '../ui/icons.tsx';
import { PRODUCT_NAME } from '../common/use-document-title.ts';
import { NoSuchUserPage } from '../pages/no-such-user-page.tsx';
import styles from './org-layout.module.css';
import { SessionGate } from '../pages/session-gate.tsx';

/** What surrounds every page of an organization. The pages take the signed-in user from `useOrgUser`. */
export function OrgLayout() {
  return (
    <SessionGate loading={<EmptyLayout />}>{(session) => <SignedInLayout session={session} />}</SessionGate>
  );
}

function SignedInLayout({ session: { person, users } }: { session: ConsoleSession }) {
  const { org: orgId } = useParams();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const user = users.find(({ org }) => org.id === orgId);
  useRememberOrg(user?.org.id);

  if (!user) return <NoSuchUserPage email={person.email} users={users} />;

  return (
    <>
      <a href="#main" className={styles.skipLink}>
        Skip to content
      </a>
      <header className={styles.bar}>
        <Link to="/" className={styles.brand}>
          <LogoIcon />
          <span className={styles.brandName}>{PRODUCT_NAME}</span>
        </Link>
        <span className={styles.divider} aria-hidden="true" />
        <div className={styles.org}>
          <OrgSwitcher users={users} current={user} pathIn={(other) => sameSettingsPath(pathname, other)} />
        </div>
        <PersonMenu person={person} onSignedOut={() => void navigate('/sign-in')} />
      </header>
      <nav className={styles.settings} aria-label="Organization settings">
        {SETTINGS_PAGE_NAMES.map((page) => (
          <NavLink key={page} to={settingsPath(page, user.org.id)}>
            {SETTINGS_PAGES[page].title}
          </NavLink>
        ))}
      </nav>
      <main id="main" tabIndex={-1} className={styles.main}>
        {/* Another organization, or another person, is another page: nothing typed or opened is carried over. */}
        <Outlet key={user.id} context={user} />
      </main>
    </>
  );
}

function EmptyLayout() {
  return (
    <>
      <header className={styles.bar}>
        <span className={styles.brand}>
          <LogoIcon />
          <span className={styles.brandName}>{PRODUCT_NAME}</span>
        </span>
      </header>
      <div className={styles.settings} />
    </>
  );
}
