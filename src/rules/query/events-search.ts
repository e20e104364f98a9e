import type { Pattern } from './pattern.ts';
import { QueryMistake } from './mistake.ts';
import { parseWords } from './stand-in.ts';

/** Which events are meant: `service:web @http.status_code:>=500 -"health check"`. */
export type EventFilter =
  | { kind: 'all' }
  /** The message has these words next to one another, in whatever case. */
  | { kind: 'text'; words: readonly Pattern[] }
  /** The facet has a value that is as the pattern says; `*` alone: it has any. */
  | { kind: 'facet'; facet: Facet; pattern: Pattern }
  /** The facet has a number within the bounds. */
  | { kind: 'range'; facet: Facet; from?: Bound; to?: Bound }
  | { kind: 'not'; of: EventFilter }
  | { kind: 'and' | 'or'; of: readonly EventFilter[] };

export interface Bound {
  value: number;
  inclusive: boolean;
}

/**
 * By what events can be told apart. An attribute has its path, as in `@http.status_code`; reserved ones (`service`,
 * `host`, `status`, `source`...) are attributes that go without the `@`; everything else without it is a tag's key.
 */
export interface Facet {
  kind: 'attribute' | 'tag';
  name: string;
}

/** A stand-in: see stand-in.ts. */
export function parseEventsSearch(text: string): EventFilter {
  return parseWords(text, (word, at): EventFilter => {
    const [, sigil, name = '', pattern = ''] = /^(@?)([^:]+):(.*)$/.exec(word) ?? [];
    if (name === '') return { kind: 'text', words: [word] };
    if (pattern === '') throw new QueryMistake(at + word.length, 'expected a value');
    const isAttribute = sigil === '@' || ['service', 'host', 'status', 'source'].includes(name);
    return { kind: 'facet', facet: { kind: isAttribute ? 'attribute' : 'tag', name }, pattern };
  });
}
