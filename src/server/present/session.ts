import type { ConsoleSession } from '../../contract/console/schema.ts';
import type { Db } from '../db/scope.ts';
import type { Person } from '../identity/sessions.ts';
import { listUsersOfPerson } from '../store/actors.ts';

/** Returns the session for the console: the signed-in person and their active users. */
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
