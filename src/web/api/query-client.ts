import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, isStatus } from './request.ts';
import { sessionOptions } from './session.ts';

/** The browser's copy of the server's state. A 401 from anywhere means that nobody is signed in any more. */
export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: endSessionWhenUnauthorized }),
    mutationCache: new MutationCache({ onError: endSessionWhenUnauthorized }),
    defaultOptions: {
      queries: { retry: (failures, error) => failures < 1 && isWorthRetrying(error) },
    },
  });

  function endSessionWhenUnauthorized(error: Error) {
    if (isStatus(error, 401)) client.setQueryData(sessionOptions.queryKey, null);
  }

  return client;
}

/** A refusal stays one; an accident may not happen again. */
function isWorthRetrying(error: Error): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
}
