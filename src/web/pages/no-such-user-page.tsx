import { Link, useNavigate } from 'react-router';
import type { OrgUser } from '../api/session.ts';
import { SignOutButton } from '../features/session/sign-out-button.tsx';
import { homePath } from '../common/navigation.ts';
import { messages } from './messages.ts';
import { PlainPage } from './plain-page.tsx';

interface NoSuchUserPageProps {
  email: string;
  users: readonly OrgUser[];
}

/** For a person without access to the organization in the URL. Does not reveal whether that organization exists. */
export function NoSuchUserPage({ email, users }: NoSuchUserPageProps) {
  if (users.length === 0) {
    return (
      <PlainPage title={messages.noOrganization}>
        <p>{messages.noOrganizationText(email)}</p>
        <SignOut />
      </PlainPage>
    );
  }
  return (
    <PlainPage title={messages.noAccess}>
      <p>{messages.noAccessText(email)}</p>
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
