import { sql } from 'kysely';
import type { Retention } from '../../rules/telemetry/retention.ts';
import type { ScopedDb } from '../db/scope.ts';

/**
 * Names the organization whose telemetry the transaction reads from now on. Row-level security refuses any that is
 * neither the request's own nor connected to it; whether the connection allows more than that, only
 * `telemetry/door.ts` decides, and nothing else may call this.
 */
export async function nameTelemetryOrg(db: ScopedDb, orgId: string): Promise<void> {
  await sql`select set_config('app.telemetry_org', ${orgId}, true)`.execute(db);
}

/** What a row of an account says of how long it keeps telemetry, in days. */
export const RETENTION = [
  'account.metrics_retention_days as metrics',
  'account.logs_retention_days as logs',
  'account.ci_retention_days as ci',
] as const;

/** How long the request's account keeps its telemetry. */
export async function findRetention(db: ScopedDb): Promise<Retention> {
  return db.selectFrom('account').select(RETENTION).executeTakeFirstOrThrow();
}
