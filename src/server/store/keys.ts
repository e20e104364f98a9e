import { type Expression, sql } from 'kysely';

import { hashSecret } from './hash-secret.ts';

// A request cannot read the hashes of keys: its role has no right to select that column.

/** Keys that a request was authenticated with. */
export interface UsedKeys {
  apiKeyId: string;
  applicationKeyId?: string;
  /** Whether `last_used_at` is due for an update: at most once a minute, so that reads stay cheap. */
  isUseDue: boolean;
}

/** Selects whether `last_used_at` of a key is due for an update. */
export function isUseDue(table: 'api_key' | 'application_key') {
  return sql<boolean>`coalesce(${sql.ref(`${table}.last_used_at`)} < now() - interval '1 minute', true)`;
}

/** Compares in milliseconds, because most programs do not know microseconds. */
export function isWithin(
  column: string,
  start: Date | undefined,
  end: Date | undefined,
): Expression<boolean> {
  const moment = sql`date_trunc('milliseconds', ${sql.ref(column)})`;
  return sql`${moment} >= coalesce(${start ?? null}::timestamptz, '-infinity')
    and ${moment} <= coalesce(${end ?? null}::timestamptz, 'infinity')`;
}

export function hashed<Key extends { key: string }>({ key, ...columns }: Key) {
  return { ...columns, hash: hashSecret(key), last4: key.slice(-4) };
}
