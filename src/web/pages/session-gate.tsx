import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';
import type { ConsoleSession } from '../../contract/console/schema.ts';
import { errorMessages } from '../api/request.ts';
import { sessionOptions } from '../api/session.ts';
import { signInPath } from '../common/links.ts';
import { FailurePage } from './failure-page.tsx';

interface SessionGateProps {
  /** Shown while the session loads. */
  loading?: ReactNode;
  children: (session: ConsoleSession) => ReactNode;
}

/** Shows its content to signed-in people, and sends others to the sign-in page and back. */
export function SessionGate({ loading, children }: SessionGateProps) {
  const session = useQuery(sessionOptions);
  const { pathname, search, hash } = useLocation();

  if (session.data) return children(session.data);
  if (session.data === null) return <Navigate to={signInPath(pathname + search + hash)} replace />;
  if (session.isError) {
    return (
      <FailurePage
        errors={errorMessages(session.error)}
        isRetrying={session.isFetching}
        onRetry={() => void session.refetch()}
      />
    );
  }
  return loading;
}
