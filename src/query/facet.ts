import { Scanner } from './scanner.ts';

/**
 * Attribute or tag of events that searches filter by and queries group by. `@` marks the path of an attribute, as in
 * `@http.status_code`; reserved attributes (`service`, `host`, `status`, `source`...) have no `@`. All other names without
 * `@` are tag keys.
 */
export interface Facet {
  kind: 'attribute' | 'tag';
  name: string;
}

/** Attributes that are written without `@`. */
export const RESERVED_ATTRIBUTES: readonly string[] = [
  'service',
  'host',
  'status',
  'source',
  'trace_id',
  'ci_level',
  'test_level',
];

/** Names of reserved attributes in ingested events. */
const ALIASES: Readonly<Record<string, string>> = { hostname: 'host', ddsource: 'source' };

/** Regular expression of a facet's text. */
export const FACET = String.raw`@?(?!-)(?:[\p{L}\p{M}\p{N}_\-./]|\\[\s\S])+`;

/** Parses the facet of a group by or a measure: `@http.status_code`, `service`, `env`. */
export function parseFacet(text: string): Facet {
  const scanner = new Scanner(text);
  const facet = facetOf(scanner.expect(new RegExp(FACET, 'uy'), 'an attribute or the key of a tag'));
  scanner.expectEnd();
  return facet;
}

export function printFacet({ kind, name }: Facet): string {
  const written = name.replaceAll(/^-|[^\p{L}\p{M}\p{N}_\-./]/gu, String.raw`\$&`);
  return kind === 'tag' || RESERVED_ATTRIBUTES.includes(name) ? written : `@${written}`;
}

/** Returns the facet for its text: `@http.status_code`, `service` or `env`. */
export function facetOf(written: string): Facet {
  const name = written.replace(/^@/, '').replaceAll(/\\([\s\S])/gu, '$1');
  if (written.startsWith('@')) return { kind: 'attribute', name };
  const plain = name.toLowerCase();
  const reserved = RESERVED_ATTRIBUTES.find((attribute) => attribute === (ALIASES[plain] ?? plain));
  return reserved === undefined ? { kind: 'tag', name } : { kind: 'attribute', name: reserved };
}
