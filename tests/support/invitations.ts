import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../../src/server/db/database.ts';
import { hashSecret } from '../../src/server/store/hash-secret.ts';
import { ORG, type OrgKey } from './account.ts';

/** Invites a person to an organization. Returns the secret of the link. */
export async function invite(
  { db }: Database,
  org: OrgKey,
  email: string,
  expiresAt = new Date(Date.now() + 60 * 60_000),
): Promise<string> {
  const secret = randomBytes(16).toString('hex');
  const { rows } = await sql<{ id: string }>`select invited_person(${email}) as id`.execute(db);
  const person_id = rows[0]?.id ?? '';
  const { account_id } = await db
    .selectFrom('org')
    .select('account_id')
    .where('id', '=', ORG[org])
    .executeTakeFirstOrThrow();
  const columns = { account_id, org_id: ORG[org] };
  const { id: user_id } = await db
    .insertInto('user')
    .values({ ...columns, person_id, email, pending: true })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('invitation')
    .values({ ...columns, user_id, hash: hashSecret(secret), expires_at: expiresAt })
    .execute();
  return secret;
}
