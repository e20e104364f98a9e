import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type { ConsoleSession } from '../../contract/console/schema.ts';
import { PATHS } from '../../contract/paths.ts';
import { isStatus, request } from './request.ts';

/** The signed-in person as a user of one organization. */
export type OrgUser = ConsoleSession['users'][number];

const SESSION_KEY = ['session'] as const;

/** The session; null: no person is signed in. */
export const sessionOptions = queryOptions({
  queryKey: SESSION_KEY,
  queryFn: async ({ signal, client }): Promise<ConsoleSession | null> => {
    const session = await readSession(signal);
    const before = client.getQueryData<ConsoleSession | null>(SESSION_KEY);
    // Another person signed in in another tab.
    if (before !== undefined && before?.person.id !== session?.person.id) removeData(client);
    return session;
  },
  staleTime: 60_000,
  refetchOnWindowFocus: 'always',
});

async function readSession(signal: AbortSignal): Promise<ConsoleSession | null> {
  try {
    return await request<ConsoleSession>(PATHS.session, { signal });
  } catch (error) {
    if (isStatus(error, 401)) return null;
    throw error;
  }
}

/** Sets the session after a sign-in, or null after a sign-out. */
export function changeSession(client: QueryClient, session: ConsoleSession | null): void {
  removeData(client);
  // A read that was sent with the old cookie would overwrite the new session.
  void client.cancelQueries({ queryKey: SESSION_KEY });
  client.setQueryData(SESSION_KEY, session);
}

/** Removes the data of the previous person from the cache. */
function removeData(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
}
