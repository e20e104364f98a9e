import { focusManager, MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, isStatus } from './request.ts';
import { sessionOptions } from './session.ts';

// In two windows side by side, both are visible: only `focus` tells which one the person uses.
focusManager.setEventListener((onFocus) => {
  const listen = () => onFocus();
  window.addEventListener('visibilitychange', listen);
  window.addEventListener('focus', listen);
  return () => {
    window.removeEventListener('visibilitychange', listen);
    window.removeEventListener('focus', listen);
  };
});

/** Refetches every 30 s while the page is visible, and when it becomes visible, to show changes of other users. */
export const FRESH = { refetchInterval: 30_000, refetchOnWindowFocus: 'always' } as const;

/**
 * Cache of the server's state. On 401, the session has ended. On 403, the permissions or the signed-in person may have
 * changed: refetches the session.
 */
export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: handleError }),
    mutationCache: new MutationCache({ onError: handleError }),
    defaultOptions: {
      // Offline, the library would wait and send requests later, unexpectedly.
      queries: { networkMode: 'always', retry: (failures, error) => failures < 1 && isWorthRetrying(error) },
      mutations: { networkMode: 'always' },
    },
  });

  function handleError(error: Error) {
    if (isStatus(error, 401)) client.setQueryData(sessionOptions.queryKey, null);
    if (isStatus(error, 403)) void client.invalidateQueries({ queryKey: sessionOptions.queryKey });
  }

  return client;
}

/** Network errors and server errors may be temporary; other errors are not. */
function isWorthRetrying(error: Error): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
}
