import { sql } from 'kysely';
import type { EventSource } from '../../contract/org-connections/constants.ts';
import type { Partition } from '../../rules/telemetry/retention.ts';
import type { Db, Scope, ScopedDb } from '../db/scope.ts';

/** An event to store. */
export interface NewEvent {
  /** UUID. An event with the same id and time replaces this one. */
  id: string;
  source: EventSource;
  /** Epoch milliseconds. */
  time: number;
  message: string;
  /** Sorted and distinct. */
  tags: readonly string[];
  /** By path: `http.status_code`. Values are texts, numbers, booleans, or lists of these. */
  attributes: Readonly<Record<string, unknown>>;
}

/** Stores events of an organization. */
export async function insertEvents(
  db: ScopedDb,
  { orgId }: Scope,
  events: readonly NewEvent[],
): Promise<void> {
  const keyed = new Map(events.map((event) => [`${event.source} ${event.time} ${event.id}`, event]));
  if (keyed.size === 0) return;
  // Sorted, so that two requests with the same events do not deadlock.
  const rows = [...keyed].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, event]) => event);
  await sql`
    insert into event (org_id, source, time, id, message, tags, attributes)
    select ${orgId}, source, to_timestamp(time / 1000.0), id, message, tags, attributes
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as new (source text, time float8, id uuid, message text, tags text[], attributes jsonb)
    on conflict (org_id, source, time, id) do update
      set message = excluded.message, tags = excluded.tags, attributes = excluded.attributes`.execute(db);
}

/**
 * Deletes at most `limit` events of a source in a partition that are older than `before` (epoch ms), and returns how many. Skips
 * locked rows, so that it cannot deadlock with intake; the next run deletes them.
 */
export async function deleteEvents(
  db: Db,
  { name }: Partition,
  { orgId, source, before, limit }: { orgId: string; source: EventSource; before: number; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${sql.id(name)} where ctid = any(array(
      select ctid from ${sql.id(name)}
      where org_id = ${orgId} and source = ${source} and time < to_timestamp(${before / 1000})
      limit ${limit}::bigint
      for update skip locked
    ))`.execute(db);
  return Number(numAffectedRows ?? 0);
}
