import { z } from 'zod';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../paths.ts';
import { DISGUISES, storageFault } from './storable-text.ts';

/** UUID in canonical form, of any version. */
export const Uuid = z.guid('must be a UUID').meta({ format: 'uuid' });

/** UTC time with microseconds: `2025-08-26T20:19:35.554634+00:00`. */
export const Timestamp = z
  .string()
  .meta({ format: 'date-time', example: '2025-08-26T20:19:35.554634+00:00' });

/** Code of an error with its parameters, by which a client can render its own sentence. */
const CodedError = z.object({
  code: z.string(),
  params: z.record(z.string(), z.unknown()).optional(),
  query: z.string().optional().meta({ description: 'Name of the query that the error is about.' }),
});

/** Body of every error: messages, most important first. */
export const ErrorBody = z
  .object({
    errors: z.array(z.string()),
    codes: z
      .array(CodedError)
      .optional()
      .meta({ description: 'One code per message. Only in answers to the console, never to programs.' }),
  })
  .meta({ id: 'Errors', description: 'Error messages.' });

/** Reference to an object, as in `relationships`. */
export const reference = <Type extends string>(type: Type) => z.object({ type: z.literal(type), id: Uuid });

export const OrgReference = reference('orgs');

/**
 * Reference in a request body. Accepts any text as the id, because a malformed id gets the same error as an unknown one: 404,
 * not 400.
 */
export const namedReference = <Type extends string>(type: Type) =>
  z.object({ type: z.literal(type), id: z.string().meta({ format: 'uuid' }) });

/** References in a request body. The maximum keeps them in one SQL statement. */
export const namedReferences = <Type extends string>(type: Type) =>
  z.array(namedReference(type)).max(1000, 'must have at most 1000 entries');

/** Text that PostgreSQL can store, and therefore compare with stored text. */
export const storable = z.string().superRefine((text, context) => {
  const fault = storageFault(text);
  if (fault !== undefined) context.addIssue(fault);
});

/** One item or a list of items, parsed as a list. */
export const oneOrMany = <Item extends z.ZodType>(item: Item, maximum: number) =>
  z.preprocess(
    (value) => (Array.isArray(value) ? value : [value]),
    z
      .array(item)
      .max(maximum, `must have at most ${maximum} entries`)
      .meta({ description: 'A list, or a single item.' }),
  );

/** Time in a request, in RFC 3339: `2025-08-26T20:19:35.554Z`. */
export const Moment = z.iso.datetime({
  offset: true,
  error: 'must be a moment as in RFC 3339: 2025-08-26T20:19:35.554Z',
});

/** Name chosen by a user. */
export const givenName = givenNameOfAtMost(200);

/** Name chosen by a user, with a maximum length. */
export function givenNameOfAtMost(length: number) {
  return storable
    .trim()
    .min(1, 'must not be empty')
    .max(length, `must have at most ${length} characters`)
    .refine(
      (text) => !DISGUISES.test(text.replaceAll('\0', '')),
      'must not contain control characters or invisible characters',
    );
}

/** Integer query parameter. Digits only: `1e3`, `0x10` and ` 7 ` are invalid. */
export const integerParameter = (minimum: number, maximum: number) => {
  const range = `must be an integer from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, range)
    .transform(Number)
    .pipe(z.int().min(minimum, range).max(maximum, range));
};

/** Sort query parameter: one of the fields, with a leading minus for descending order. */
export const sortParameter = <Field extends string>(fields: readonly Field[], defaultField: Field) =>
  z
    .string()
    .default(defaultField)
    .transform((text, context): Sort<Field> => {
      const by = fields.find((field) => text === field || text === `-${field}`);
      if (by !== undefined) return { by, descending: text.startsWith('-') };
      context.addIssue(`must be one of ${fields.join(', ')}, or one of them after a minus`);
      return z.NEVER;
    })
    .meta({ enum: fields.flatMap((field) => [field, `-${field}`]) });

/** Comma-separated query parameter. */
export const commaSeparated = <Schema extends z.ZodType<unknown, string>>(item: Schema) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(item));

const pageNumber = integerParameter(0, 9_999_999);

/** Page parameters of users and roles. */
export const pageParameters = {
  'page[size]': integerParameter(1, MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
  'page[number]': pageNumber.default(0),
};

/** Page parameters of teams and memberships: a number, as in the official client, or an offset, as in the links. */
export const optionalPageParameters = {
  'page[size]': integerParameter(1, MAX_PAGE_SIZE).optional(),
  'page[number]': pageNumber.optional(),
  'page[limit]': integerParameter(1, MAX_PAGE_SIZE).optional(),
  'page[offset]': integerParameter(0, 999_999_999).optional(),
};

/** Total counts of a paginated list. */
export const PageMeta = z.object({
  page: z.object({
    total_count: z.int().meta({ description: 'Number of objects.' }),
    total_filtered_count: z.int().meta({ description: 'Number of objects that the query matches.' }),
  }),
});

export type ErrorBody = z.infer<typeof ErrorBody>;

/** Sort field and direction of a list. */
export interface Sort<Field extends string> {
  by: Field;
  descending: boolean;
}
