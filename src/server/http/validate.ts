import type { Context } from 'hono';
import { z } from 'zod';
import { Uuid } from '../../contract/common/schema.ts';
import { issueWords } from '../../contract/common/issue-words.ts';
import { unknown } from '../../rules/directory.ts';
import type { DirectoryNoun } from '../../rules/error-messages.ts';
import { detail, DomainError, type ErrorDetail, invalidField } from '../../rules/errors.ts';
import { type JsonLimits, parseJson } from '../../rules/json.ts';

/** Returns whether a text is a UUID and can be compared with ids in the database. */
export function isUuid(text: string): boolean {
  return Uuid.safeParse(text).success;
}

/** Returns an id in the form in which it is stored. Throws `not_found` for a text that is not a UUID. */
export function idOf(noun: DirectoryNoun, text: string): string {
  if (!isUuid(text)) throw unknown(noun, text);
  return text.toLowerCase();
}

const LIMITS: JsonLimits = { depth: 64, values: 50_000 };

/** Parses the body. Throws `invalid`, with one detail per fault, or `too_large`. */
export async function readBody<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  return parse(schema, parseJson(await c.req.text(), LIMITS));
}

/** Throws `invalid` unless the body has the same id as the path. */
export function requireSameId(inBody: string, inPath: string): void {
  if (inBody.toLowerCase() === inPath.toLowerCase()) return;
  throw invalidField('data.id', 'must be the id in the path');
}

/**
 * Parses the query parameters. An empty parameter counts as absent; a repeated one becomes a comma-separated list. Throws
 * `invalid`, with one detail per fault.
 */
export function readQuery<Schema extends z.ZodType>(c: Context, schema: Schema): z.output<Schema> {
  const given = Object.entries(c.req.queries())
    .map(([name, values]) => [name, values.filter((value) => value !== '').join(',')])
    .filter(([, value]) => value !== '');
  return parse(schema, Object.fromEntries(given));
}

/** Maximum number of details in one error. */
const MAX_FAULTS = 100;

/** Parses a value with a schema. Throws `invalid`, with one detail per fault. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  throw new DomainError('invalid', issues.slice(0, MAX_FAULTS).map(describeIssue));
}

function describeIssue(issue: z.core.$ZodIssue): ErrorDetail {
  const [first] = issue.path;
  // Names of query parameters can have brackets: page[size].
  const field = String(first).includes('[') ? String(first) : z.core.toDotPath(issue.path) || 'body';
  return detail('field_invalid', { field, problem: issueWords(issue) });
}
