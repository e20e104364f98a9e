import type { ConsoleSession } from '../../contract/console/schema.ts';
import type { Db } from '../db/scope.ts';
import type { Person } from '../identity/sign-in.ts';
import { listUsersOfPerson } from '../store/actors.ts';

/** What the console knows of the person who is signed in. */
export async function presentSession(db: Db, person: Person): Promise<ConsoleSession> {
  const users = await listUsersOfPerson(db, person.id);
  return {
    person: { id: person.id, email: person.email, name: person.name },
    users: users.map((user) => ({
      id: user.id,
      roles: user.roles,
      teams: user.teams,
      permissions: user.permissions,
      org: { id: user.org_id, name: user.org_name, site: user.site, hipaa: user.hipaa },
    })),
  };
}

/** The answer to somebody who has just signed in or out: their browser gets its cookies. */
export function withCookies(response: Response, headers: Headers): Response {
  for (const cookie of headers.getSetCookie()) response.headers.append('Set-Cookie', cookie);
  return response;
}
