import { expect, it } from 'vitest';
import { createOpenApiDocument } from '../../src/contract/openapi.ts';

interface Schema {
  [member: string]: unknown;
  type?: string | string[];
  maxItems?: number;
}

const document = createOpenApiDocument() as unknown as {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: Schema }> } }>>;
  components: { schemas: Record<string, Schema> };
};

it('bounds every list in a request body', () => {
  const unbounded: string[] = [];
  let lists = 0;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { requestBody }] of Object.entries(operations)) {
      for (const { schema } of Object.values(requestBody?.content ?? {})) {
        visit(schema, `${method} ${path}`, new Set());
      }
    }
  }
  expect(lists).toBeGreaterThan(10);
  expect(unbounded).toEqual([]);

  function visit(schema: unknown, place: string, seen: Set<unknown>): void {
    if (typeof schema !== 'object' || schema === null || seen.has(schema)) return;
    const { $ref, ...members } = schema as Schema;
    if (typeof $ref === 'string') {
      return visit(
        document.components.schemas[$ref.split('/').at(-1) ?? ''],
        place,
        new Set([...seen, schema]),
      );
    }
    if ([members.type].flat().includes('array')) {
      lists += 1;
      if (members.maxItems === undefined) unbounded.push(place);
    }
    for (const [name, member] of Object.entries(members))
      visit(member, `${place} ${name}`, new Set([...seen, schema]));
  }
});
