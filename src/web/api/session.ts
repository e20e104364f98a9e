import { queryOptions } from '@tanstack/react-query';
import type { ConsoleSession } from '../../contract/console.schema.ts';
import { PATHS } from '../../contract/paths.ts';
import { isStatus, request } from './request.ts';

/** The signed-in person as a user of one organization. */
export type OrgUser = ConsoleSession['users'][number];

/** Who is signed in; null: nobody. */
export const sessionOptions = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<ConsoleSession | null> => {
    try {
      return await request<ConsoleSession>(PATHS.session, { signal });
    } catch (error) {
      if (isStatus(error, 401)) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});
