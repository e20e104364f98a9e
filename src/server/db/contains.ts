import { type Expression, sql } from 'kysely';

/** Whether a text has another in it, whatever the case of either. */
export function contains(text: Expression<string | null>, part: string) {
  return sql<boolean>`strpos(lower(${text}), lower(${part})) > 0`;
}
