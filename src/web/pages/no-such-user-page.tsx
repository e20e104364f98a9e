import { Link, useNavigate } from 'react-router';
import type { OrgUser } from '../api/session.ts';
import { SignOutButton } from '../features/session/sign-out-button.tsx';
import { homePath } from '../common/navigation.ts';
import { PlainPage } from './plain-page.tsx';

interface NoSuchUserPageProps {
  email: string;
  users: readonly OrgUser[];
}

/** For a person who is no user of the organization in the address. Whether that organization exists is not said. */
export function NoSuchUserPage({ email, users }: NoSuchUserPageProps) {
  if (users.length === 0) {
    return (
      <PlainPage title="No organization">
        <p>
          <strong>{email}</strong> is not an active user of any organization. Ask an administrator to invite
          you.
        </p>
        <SignOut />
      </PlainPage>
    );
  }
  return (
    <PlainPage title="Not your organization">
      <p>
        <strong>{email}</strong> is not a user of this organization, or it does not exist. You are a user of:
      </p>
      <ul>
        {users.map(({ org }) => (
          <li key={org.id}>
            <Link to={homePath(org.id)}>{org.name}</Link>
          </li>
        ))}
      </ul>
      <SignOut />
    </PlainPage>
  );
}

function SignOut() {
  const navigate = useNavigate();
  return <SignOutButton onSignedOut={() => void navigate('/sign-in')} />;
}
