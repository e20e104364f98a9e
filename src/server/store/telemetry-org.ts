import { sql } from 'kysely';
import type { ScopedDb } from '../db/scope.ts';

/**
 * Names the organization whose telemetry the transaction reads from now on. Row-level security refuses any that is
 * neither the request's own nor connected to it; whether the connection allows more than that, only
 * `telemetry/authorize-read.ts` decides, and the lint lets nothing else import this.
 */
export async function nameTelemetryOrg(db: ScopedDb, orgId: string): Promise<void> {
  await sql`select set_config('app.telemetry_org', ${orgId}, true)`.execute(db);
}
