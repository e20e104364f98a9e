import { Navigate } from 'react-router';
import { startingUser } from '../features/session/last-org.ts';
import { homePath } from '../common/navigation.ts';
import { NoSuchUserPage } from './no-such-user-page.tsx';
import { SessionGate } from './session-gate.tsx';

/** The start page: leads to the organization that the person used last. */
export function HomePage() {
  return (
    <SessionGate>
      {({ person, users }) => {
        const user = startingUser(users);
        if (!user) return <NoSuchUserPage email={person.email} users={users} />;
        return <Navigate to={homePath(user.org.id)} replace />;
      }}
    </SessionGate>
  );
}
