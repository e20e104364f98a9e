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
import { messages } from './messages.ts';
import { PlainPage } from './plain-page.tsx';

/** The page of an invitation link: the person joins the organization, and continues there. */
export function InvitationPage() {
  const { secret = '' } = useParams();
  const invitation = useQuery(invitationOptions(secret));
  const session = useQuery(sessionOptions);

  if (isStatus(invitation.error, 404)) return <NotValid errors={errorMessages(invitation.error)} />;
  const failed = [invitation, session].find(({ isError, data }) => isError && data === undefined);
  if (failed) {
    return (
      <FailurePage
        errors={errorMessages(failed.error)}
        isRetrying={failed.isFetching}
        onRetry={() => void failed.refetch()}
      />
    );
  }
  if (!invitation.data || session.data === undefined) return null;

  return (
    <PlainPage title={messages.join(invitation.data.org.name)}>
      <div className={styles.content}>
        <Join secret={secret} invitation={invitation.data} signedInAs={session.data?.person.email} />
      </div>
    </PlainPage>
  );
}

interface JoinProps {
  secret: string;
  invitation: Invitation;
  /** Email of the signed-in person. */
  signedInAs: string | undefined;
}

function Join({ secret, invitation: { org, email, can_sign_in: canSignIn }, signedInAs }: JoinProps) {
  const navigate = useNavigate();
  const orgPage = homePath(org.id);
  const join = { secret, onJoined: () => void navigate(orgPage, { replace: true }) };

  if (signedInAs === email) {
    return (
      <>
        <p>{messages.signedInAs(email)}</p>
        <JoinButton {...join} />
      </>
    );
  }
  if (signedInAs !== undefined) {
    return (
      <>
        <p>{messages.invitationForOther(email, signedInAs)}</p>
        <SignOutButton />
      </>
    );
  }
  // Single sign-on accepts the invitation itself, so it continues at the organization.
  if (canSignIn) {
    return (
      <>
        <p>{messages.signInToJoin(email)}</p>
        <SignInWays next={orgPage} knownEmail={email} />
        <DemoPeople only={email} />
      </>
    );
  }
  return (
    <>
      <p>{messages.invitedAs(email)}</p>
      <WaysIn next={orgPage}>
        <JoinForm {...join} email={email} />
      </WaysIn>
    </>
  );
}

function NotValid({ errors }: { errors: readonly string[] }) {
  return (
    <PlainPage title={messages.invitationNotValid}>
      {errors.map((error) => (
        <p key={error}>{error}</p>
      ))}
      <Link to="/" className={buttonClass('primary')}>
        {messages.goToStart}
      </Link>
    </PlainPage>
  );
}
