import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createOpenApiDocument } from '../../src/contract/openapi.ts';
import { adminKeys, EMAIL, ORG } from '../support/account.ts';
import { roleId, teamId, userId } from '../support/directory.ts';
import { UNKNOWN } from '../support/expected.ts';
import { HOSTILE_FACTOR, HOSTILE_SEED } from '../support/hostile.ts';
import { setUpApp } from '../support/setup-app.ts';

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  maxItems?: number;
}

interface Operation {
  parameters?: { name: string; in: string; schema?: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

const document = createOpenApiDocument() as unknown as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

/** Requests per operation. */
const REQUESTS = 15 * HOSTILE_FACTOR;

const OPERATIONS = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => [method.toUpperCase(), path, operation] as const),
);

/** Values that programs did not expect before. */
const noise = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e308,
    2 ** 53,
    '',
    ' ',
    '\0',
    '\ud800',
    '../..',
    '%00',
    "';--",
    '${x}',
    [],
    {},
  ),
  fc.constantFrom<unknown>(
    'x'.repeat(70_000),
    Array.from({ length: 2000 }, () => 1),
    { ['__proto__']: { x: 1 } },
  ),
  fc.constantFrom<unknown>(
    { constructor: 1, toString: 2, length: -1 },
    '2026-01-01T00:00:00Z',
    '9'.repeat(400),
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 3 }),
);

const app = setUpApp();
/** Ids of objects that may be changed without ending the attack. */
let ids: string[] = [];
/** Number of answers by status. */
const statuses = new Map<number, number>();

beforeAll(async () => {
  ids = [
    UNKNOWN,
    ORG.staging,
    await app.connect('production', 'security'),
    await roleId(app, 'production', 'Writer'),
    await teamId(app, 'production', 'platform'),
    await userId(app, 'production', EMAIL.sam),
  ];
});

const knownId = () => fc.constantFrom(...ids);

/** Values that fit a schema, but for some noise. */
function valueOf(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  if (depth > 12) return noise;
  return fc.oneof({ weight: 12, arbitrary: fittingValue(schema, depth) }, { weight: 1, arbitrary: noise });
}

function fittingValue(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const { $ref, allOf, enum: values, type } = schema;
  if ($ref !== undefined)
    return valueOf(document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {}, depth + 1);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => valueOf(choice, depth + 1)));
  if (allOf)
    return fc
      .tuple(...allOf.map((part) => valueOf(part, depth + 1)))
      .map((parts) => Object.assign({}, ...parts) as object);
  if ('const' in schema) return fc.constant(schema.const);
  if (values) return fc.constantFrom(...values);
  if ([type].flat().includes('null')) return fc.option(ofType(String([type].flat()[0]), schema, depth));
  return ofType(String(type), schema, depth);
}

function ofType(type: string, schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], items = {}, maxItems = 4 } = schema;
  if (type === 'object') {
    const members = Object.entries(properties).map(([name, member]) => [name, valueOf(member, depth + 1)]);
    return fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>, {
      requiredKeys: required,
    });
  }
  if (type === 'array') return fc.array(valueOf(items, depth + 1), { maxLength: Math.min(maxItems, 4) });
  if (type === 'string') return textOf(schema);
  if (type === 'integer')
    return fc.oneof(fc.integer(), fc.constantFrom(Date.now(), Date.now() - 3_600_000, 60_000));
  if (type === 'number') return fc.double();
  if (type === 'boolean') return fc.boolean();
  return noise;
}

function textOf({ format }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return knownId();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (format === 'email') return fc.emailAddress();
  return fc.oneof(
    fc.string(),
    fc.constantFrom('a', 'sum:a{*}', 'a + b', 'service:web', '@http.status_code', `role:${UNKNOWN}`),
  );
}

/** Requests of an operation: its path with parameters, and a body. */
function requestsOf(
  path: string,
  { parameters = [], requestBody }: Operation,
): fc.Arbitrary<[string, string | undefined]> {
  const valuesIn = (place: string) =>
    Object.fromEntries(
      parameters
        .filter((parameter) => parameter.in === place)
        .map((parameter) => [parameter.name, valueOf(parameter.schema ?? {})]),
    );
  const ofPath = Object.fromEntries(
    Object.entries(valuesIn('path')).map(([parameter, value]) => [
      parameter,
      fc.oneof(
        knownId(),
        knownId().map((id) => `cross-org-connection:${id}`),
        value,
      ),
    ]),
  );
  const schema = requestBody?.content['application/json']?.schema;
  return fc
    .tuple(
      fc.record(ofPath),
      fc.record(valuesIn('query'), { requiredKeys: [] }),
      schema ? bodyOf(schema) : fc.constant(undefined),
    )
    .map(([inPath, inQuery, body]) => {
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => encode(inPath[parameter]));
      const search = Object.entries(inQuery).map(
        ([parameter, value]) => `${encodeURIComponent(parameter)}=${encode(value)}`,
      );
      return [`${filled}?${search.join('&')}`, body];
    });
}

function bodyOf(schema: Schema): fc.Arbitrary<string> {
  const json = valueOf(schema).map((value) => JSON.stringify(value));
  return fc.oneof({ weight: 9, arbitrary: json }, { weight: 1, arbitrary: fc.string() });
}

function encode(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return encodeURIComponent(text.toWellFormed().slice(0, 2000));
}

describe('random requests by the OpenAPI document', () => {
  it.each(OPERATIONS)('%s %s never fail by the fault of the server', async (method, path, operation) => {
    const requests = fc.sample(requestsOf(path, operation), { numRuns: REQUESTS, seed: HOSTILE_SEED });
    for (const [address, body] of requests) {
      const response = await app.request(address, {
        method,
        headers: { ...adminKeys('production'), 'Content-Type': 'application/json' },
        ...(body !== undefined && method !== 'GET' && { body }),
      });
      const text = await response.text();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      const request = `${method} ${address} ${body?.slice(0, 2000)}`;
      expect(response.status, request).toBeLessThan(500);
      if (response.status < 400) continue;
      expect(JSON.parse(text), request).toMatchObject({
        errors: expect.arrayContaining([expect.any(String)]),
      });
      // No words of the database or of the code.
      expect(text, request).not.toMatch(/invalid input syntax|violates|relation "|at [\w.]+ \(|node_modules/);
    }
  });

  it('reach the handlers: some are accepted', () => {
    if (HOSTILE_FACTOR > 1) process.stdout.write(`${JSON.stringify(Object.fromEntries(statuses))}\n`);
    expect(statuses.get(200)).toBeGreaterThan(OPERATIONS.length);
    expect(statuses.get(400)).toBeGreaterThan(OPERATIONS.length);
  });
});
