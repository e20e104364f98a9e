import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import type { Invitation } from '../../contract/console/schema.ts';
import { errorMessages, isStatus } from '../api/request.ts';
import { sessionOptions } from '../api/session.ts';
import { JoinButton, JoinForm } from '../features/invitations/join-form.tsx';
import { invitationOptions } from '../features/invitations/queries.ts';
import { DemoPeople, SignInWays, WaysIn } from '../features/session/sign-in-form.tsx';
import { SignOutButton } from '../features/session/sign-out-button.tsx';
import { homePath } from '../common/navigation.ts';
import { buttonClass } from '../ui/button.tsx';
import { FailurePage } from './failure-page.tsx';
import styles from './invitation-page.module.css';
import { PlainPage } from './plain-page.tsx';

/** What the link leads to that an inviter has handed on: the person joins the organization, and is led to it. */
export function InvitationPage() {
  const { secret = '' } = useParams();
  const invitation = useQuery(invitationOptions(secret));
  const session = useQuery(sessionOptions);

  if (isStatus(invitation.error, 404)) return <NotValid messages={errorMessages(invitation.error)} />;
  const failed = [invitation, session].find(({ isError, data }) => isError && data === undefined);
  if (failed) {
    return (
      <FailurePage
        messages={errorMessages(failed.error)}
        isRetrying={failed.isFetching}
        onRetry={() => void failed.refetch()}
      />
    );
  }
  if (!invitation.data || session.data === undefined) return null;

  return (
    <PlainPage title={`Join ${invitation.data.org.name}`}>
      <div className={styles.content}>
        <Join secret={secret} invitation={invitation.data} signedInAs={session.data?.person.email} />
      </div>
    </PlainPage>
  );
}

interface JoinProps {
  secret: string;
  invitation: Invitation;
  /** The e-mail of whoever is signed in. */
  signedInAs: string | undefined;
}

function Join({ secret, invitation: { org, email, can_sign_in: canSignIn }, signedInAs }: JoinProps) {
  const navigate = useNavigate();
  const orgPage = homePath(org.id);
  const join = { secret, onJoined: () => void navigate(orgPage, { replace: true }) };

  if (signedInAs === email) {
    return (
      <>
        <p>
          You are signed in as <strong>{email}</strong>.
        </p>
        <JoinButton {...join} />
      </>
    );
  }
  if (signedInAs !== undefined) {
    return (
      <>
        <p>
          This invitation is for <strong>{email}</strong>, but you are signed in as{' '}
          <strong>{signedInAs}</strong>. Sign out to accept it.
        </p>
        <SignOutButton />
      </>
    );
  }
  // Single sign-on accepts the invitation by itself, so it leads straight to the organization.
  if (canSignIn) {
    return (
      <>
        <p>
          Sign in as <strong>{email}</strong> to join.
        </p>
        <SignInWays next={orgPage} knownEmail={email} />
        <DemoPeople only={email} />
      </>
    );
  }
  return (
    <>
      <p>
        You are invited as <strong>{email}</strong>.
      </p>
      <WaysIn next={orgPage}>
        <JoinForm {...join} email={email} />
      </WaysIn>
    </>
  );
}

function NotValid({ messages }: { messages: readonly string[] }) {
  return (
    <PlainPage title="Invitation not valid">
      {messages.map((message) => (
        <p key={message}>{message}</p>
      ))}
      <Link to="/" className={buttonClass('primary')}>
        Go to the start page
      </Link>
    </PlainPage>
  );
}
