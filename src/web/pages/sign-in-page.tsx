import { useQuery } from '@tanstack/react-query';
import { Navigate, useSearchParams } from 'react-router';
import { SIGN_ON_FAILURES, type SignOnFailure } from '../../contract/console/constants.ts';
import { sessionOptions } from '../api/session.ts';
import { DemoPeople, SignInWays } from '../features/session/sign-in-form.tsx';
import { safeNext } from '../common/links.ts';
import { Callout } from '../ui/callout.tsx';
import { PlainPage } from './plain-page.tsx';
import styles from './sign-in-page.module.css';

export function SignInPage() {
  const { data: session } = useQuery(sessionOptions);
  const [params] = useSearchParams();
  const next = safeNext(params.get('next'));
  if (session) return <Navigate to={next} replace />;

  const failure = SIGN_ON_FAILURES.find((code) => code === params.get('error'));
  return (
    <PlainPage title="Sign in">
      {failure && (
        <div className={styles.failure}>
          <Callout tone={failure === 'cancelled' ? 'info' : 'danger'} live="assertive">
            <p>{FAILURES[failure]}</p>
          </Callout>
        </div>
      )}
      <div className={styles.columns}>
        <SignInWays next={next} />
        <DemoPeople />
      </div>
    </PlainPage>
  );
}

/** Why single sign-on has led back here. */
const FAILURES: Record<SignOnFailure, string> = {
  cancelled: 'Sign-in was canceled.',
  expired: 'That took too long, or was begun in another tab. Try again.',
  unverified:
    'Your provider does not say that your e-mail address is verified. Ask whoever runs it to have it verified.',
  unknown: 'Nobody here has the e-mail address that you signed in with. Ask an administrator to invite you.',
  unavailable: 'Single sign-on does not answer at the moment. Try again in a while.',
  failed: 'Single sign-on did not work. Try again; if it fails again, tell whoever runs this console.',
};
