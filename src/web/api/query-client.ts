import { focusManager, MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, isStatus } from './request.ts';
import { sessionOptions } from './session.ts';

// Of two windows side by side, the one that is come back to was visible all the time.
focusManager.setEventListener((onFocus) => {
  const listen = () => onFocus();
  window.addEventListener('visibilitychange', listen);
  window.addEventListener('focus', listen);
  return () => {
    window.removeEventListener('visibilitychange', listen);
    window.removeEventListener('focus', listen);
  };
});

/** A colleague's change appears by itself: every 30 s while the page is in view, and when it comes into view. */
export const FRESH = { refetchInterval: 30_000, refetchOnWindowFocus: 'always' } as const;

/**
 * Cache of the server's state. On 401, nobody is signed in. On 403, the person's permissions or the signed-in person may
 * have changed: refetches the session.
 */
export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: heedRefusal }),
    mutationCache: new MutationCache({ onError: heedRefusal }),
    defaultOptions: {
      // Offline, the library would wait, and send later what nobody remembers to have asked for.
      queries: { networkMode: 'always', retry: (failures, error) => failures < 1 && isWorthRetrying(error) },
      mutations: { networkMode: 'always' },
    },
  });

  function heedRefusal(error: Error) {
    if (isStatus(error, 401)) client.setQueryData(sessionOptions.queryKey, null);
    if (isStatus(error, 403)) void client.invalidateQueries({ queryKey: sessionOptions.queryKey });
  }

  return client;
}

/** A refusal stays one; an accident may not happen again. */
function isWorthRetrying(error: Error): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500;
}
