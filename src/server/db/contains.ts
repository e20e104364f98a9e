import { type Expression, sql } from 'kysely';

/** Matches texts that contain another text, ignoring case. */
export function contains(text: Expression<string | null>, part: string) {
  return sql<boolean>`strpos(lower(${text}), lower(${part})) > 0`;
}
