import type { MouseEvent } from 'react';
import { Link, Outlet, useLocation, useNavigate, useParams } from 'react-router';
import type { ConsoleSession } from '../../contract/console/schema.ts';
import { samePageIn } from '../common/navigation.ts';
import { messages as common } from '../common/messages.ts';
import { useRememberOrg } from '../features/session/last-org.ts';
import { OrgSwitcher } from '../features/session/org-switcher.tsx';
import { PersonMenu } from '../features/session/person-menu.tsx';
import { NoSuchUserPage } from '../pages/no-such-user-page.tsx';
import { SessionGate } from '../pages/session-gate.tsx';
import { LogoIcon } from '../ui/art.tsx';
import { MainNavigation } from './main-navigation.tsx';
import { messages } from './messages.ts';
import styles from './shell.module.css';

/** Frame of every page of an organization. Pages get the signed-in user from `useOrgUser`. */
export function Shell() {
  return (
    <SessionGate loading={<EmptyShell />}>{(session) => <SignedInShell session={session} />}</SessionGate>
  );
}

function SignedInShell({ session: { person, users } }: { session: ConsoleSession }) {
  const { org: orgId } = useParams();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const user = users.find(({ org }) => org.id === orgId);
  useRememberOrg(user?.org.id);

  if (!user) return <NoSuchUserPage email={person.email} users={users} />;

  return (
    <>
      <a href="#main" className={styles.skipLink} onClick={skipToContent}>
        {messages.skipToContent}
      </a>
      <header className={styles.bar}>
        <Link to="/" className={styles.brand}>
          <Brand />
        </Link>
        <span className={styles.divider} aria-hidden="true" />
        <div className={styles.org}>
          <OrgSwitcher users={users} current={user} pathIn={(other) => samePageIn(other, pathname)} />
        </div>
        <MainNavigation orgId={user.org.id} />
        <PersonMenu person={person} onSignedOut={() => void navigate('/sign-in')} />
      </header>
      {/* Another organization or person is another page: it starts without input or open dialogs. */}
      <Outlet key={user.id} context={user} />
    </>
  );
}

/** Moves focus without changing the fragment of the address, in which a page may keep its state. */
function skipToContent(event: MouseEvent) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function EmptyShell() {
  return (
    <header className={styles.bar}>
      <span className={styles.brand}>
        <Brand />
      </span>
    </header>
  );
}

function Brand() {
  return (
    <>
      <LogoIcon />
      <span className={styles.brandName}>{common.productName}</span>
    </>
  );
}
