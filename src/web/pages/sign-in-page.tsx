import { useQuery } from '@tanstack/react-query';
import { Navigate, useSearchParams } from 'react-router';
import { sessionOptions } from '../api/session.ts';
import { DemoPeople, SignInForm } from '../features/session/sign-in-form.tsx';
import { safeNext } from '../links.ts';
import { PlainPage } from './plain-page.tsx';
import styles from './sign-in-page.module.css';

export function SignInPage() {
  const { data: session } = useQuery(sessionOptions);
  const [params] = useSearchParams();
  if (session) return <Navigate to={safeNext(params.get('next'))} replace />;
  return (
    <PlainPage title="Sign in">
      <div className={styles.columns}>
        <SignInForm />
        <DemoPeople />
      </div>
    </PlainPage>
  );
}
