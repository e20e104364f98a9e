import { sql } from 'kysely';
import type { ScopedDb } from '../db/scope.ts';

/**
 * Sets the organization whose telemetry the transaction reads. Row-level security refuses organizations that are neither the
 * request's own nor connected to it. Only `telemetry/authorize-read.ts` may import this (a lint rule): it checks everything else.
 */
export async function nameTelemetryOrg(db: ScopedDb, orgId: string): Promise<void> {
  await sql`select set_config('app.telemetry_org', ${orgId}, true)`.execute(db);
}
