import { sql } from 'kysely';
import type { ScopedDb } from '../db/scope.ts';

/** How long an account keeps what, in days. */
export interface Retention {
  metrics: number;
  logs: number;
  ci: number;
}

/**
 * Names the organization whose telemetry the transaction reads from now on. Row-level security refuses any that is
 * neither the request's own nor connected to it; whether the connection allows more than that, only
 * `telemetry/door.ts` decides, and nothing else may call this.
 */
export async function nameTelemetryOrg(db: ScopedDb, orgId: string): Promise<void> {
  await sql`select set_config('app.telemetry_org', ${orgId}, true)`.execute(db);
}

/** How long the request's account keeps its telemetry. */
export async function findRetention(db: ScopedDb): Promise<Retention> {
  return db
    .selectFrom('account')
    .select(['metrics_retention_days as metrics', 'logs_retention_days as logs', 'ci_retention_days as ci'])
    .executeTakeFirstOrThrow();
}
