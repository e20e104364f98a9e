import type { Context } from 'hono';
import { z } from 'zod';
import { Uuid } from '../../contract/common/schema.ts';
import { issueWords } from '../../contract/common/issue-words.ts';
import { unknown } from '../../rules/directory.ts';
import type { DirectoryNoun } from '../../rules/error-messages.ts';
import { detail, DomainError, type ErrorDetail, invalidField } from '../../rules/errors.ts';

/** Whether a text is an id, so that it may be compared with ids in the database. */
export function isUuid(text: string): boolean {
  return Uuid.safeParse(text).success;
}

/** The id in a path or body as it is stored. Throws `not_found` if it is no UUID: then nothing has it. */
export function idOf(noun: DirectoryNoun, text: string): string {
  if (!isUuid(text)) throw unknown(noun, text);
  return text.toLowerCase();
}

/** The body as JSON in the schema's form. Throws `invalid`, one entry per fault. */
export async function readBody<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  return parse(schema, parseJson(await c.req.text()));
}

/** Throws `invalid` unless a body is about what its path names. */
export function requireSameId(inBody: string, inPath: string): void {
  if (inBody.toLowerCase() === inPath.toLowerCase()) return;
  throw invalidField('data.id', 'must be the id in the path');
}

/**
 * The query's parameters in the schema's form; an empty one counts as absent, and one that is there several times as a
 * list with commas. Throws `invalid`, one entry per fault.
 */
export function readQuery<Schema extends z.ZodType>(c: Context, schema: Schema): z.output<Schema> {
  const given = Object.entries(c.req.queries())
    .map(([name, values]) => [name, values.filter((value) => value !== '').join(',')])
    .filter(([, value]) => value !== '');
  return parse(schema, Object.fromEntries(given));
}

/** A body can be wrong in more ways than anybody would read. */
const MAX_FAULTS = 100;

/** Throws `invalid` for a text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DomainError('invalid', 'body_not_json');
  }
}

/** A value in the schema's form. Throws `invalid`, one entry per fault. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  throw new DomainError('invalid', issues.slice(0, MAX_FAULTS).map(describeIssue));
}

function describeIssue(issue: z.core.$ZodIssue): ErrorDetail {
  const [first] = issue.path;
  // A parameter's name has brackets of its own: page[size].
  const field = String(first).includes('[') ? String(first) : z.core.toDotPath(issue.path) || 'body';
  return detail('field_invalid', { field, problem: issueWords(issue) });
}
