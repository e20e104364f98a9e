import { useQuery } from '@tanstack/react-query';
import { Navigate, useSearchParams } from 'react-router';
import { SIGN_ON_FAILURES } from '../../contract/console/constants.ts';
import { sessionOptions } from '../api/session.ts';
import { DemoPeople, SignInWays } from '../features/session/sign-in-form.tsx';
import { safeNext } from '../common/links.ts';
import { Callout } from '../ui/callout.tsx';
import { messages } from './messages.ts';
import { PlainPage } from './plain-page.tsx';
import styles from './sign-in-page.module.css';

export function SignInPage() {
  const { data: session } = useQuery(sessionOptions);
  const [params] = useSearchParams();
  const next = safeNext(params.get('next'));
  if (session) return <Navigate to={next} replace />;

  const failure = SIGN_ON_FAILURES.find((code) => code === params.get('error'));
  return (
    <PlainPage title={messages.signIn}>
      {failure && (
        <div className={styles.failure}>
          <Callout tone={failure === 'cancelled' ? 'info' : 'danger'} live="assertive">
            <p>{messages.signOnFailures[failure]}</p>
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
