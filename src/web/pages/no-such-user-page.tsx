import { Link, useNavigate } from 'react-router';
import { errorMessages } from '../api/request.ts';
import type { OrgUser } from '../api/session.ts';
import { useSignOut } from '../features/session/queries.ts';
import { crossOrgVisibilityPath } from '../links.ts';
import { Button } from '../ui/button.tsx';
import { ErrorCallout } from '../ui/callout.tsx';
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
            <Link to={crossOrgVisibilityPath(org.id)}>{org.name}</Link>
          </li>
        ))}
      </ul>
      <SignOut />
    </PlainPage>
  );
}

function SignOut() {
  const navigate = useNavigate();
  const signOut = useSignOut(() => void navigate('/sign-in'));
  return (
    <>
      {signOut.isError && <ErrorCallout messages={errorMessages(signOut.error)} />}
      <Button pending={signOut.isPending} onClick={() => signOut.mutate()}>
        Sign out
      </Button>
    </>
  );
}
