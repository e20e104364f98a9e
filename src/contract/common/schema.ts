import { z } from 'zod';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../paths.ts';
import { storageFault } from './storable-text.ts';

/** Any 128-bit id in its canonical form, whatever version its bits claim. */
export const Uuid = z.guid('must be a UUID').meta({ format: 'uuid' });

/** A moment in UTC with six digits of seconds: `2025-08-26T20:19:35.554634+00:00`. */
export const Timestamp = z
  .string()
  .meta({ format: 'date-time', example: '2025-08-26T20:19:35.554634+00:00' });

/** The body of every error: what is wrong, in words, most important first. */
export const ErrorBody = z
  .object({ errors: z.array(z.string()) })
  .meta({ id: 'Errors', description: 'What is wrong, in words. Nothing else is in the body of an error.' });

/** A reference to something of a type, as `relationships` carry it. */
export const reference = <Type extends string>(type: Type) => z.object({ type: z.literal(type), id: Uuid });

/** A reference to an organization. */
export const OrgReference = reference('orgs');

/**
 * A reference in a body. Its id is any text, because one that is no UUID is as unknown as one that nobody has: 404, not 400.
 */
export const namedReference = <Type extends string>(type: Type) =>
  z.object({ type: z.literal(type), id: z.string().meta({ format: 'uuid' }) });

/** Several things of a kind, as a request names them: more than anybody means, and few enough for one statement. */
export const namedReferences = <Type extends string>(type: Type) =>
  z.array(namedReference(type)).max(1000, 'must have at most 1000 entries');

/** Text that PostgreSQL can keep, and so compare with what it keeps. */
export const storable = z.string().superRefine((text, context) => {
  const fault = storageFault(text);
  if (fault !== undefined) context.addIssue(fault);
});

/** One thing or a list of them, read as a list. */
export const oneOrMany = <Item extends z.ZodType>(item: Item, maximum: number) =>
  z.preprocess(
    (value) => (Array.isArray(value) ? value : [value]),
    z
      .array(item)
      .max(maximum, `must have at most ${maximum} entries`)
      .meta({ description: 'A list, or one of them alone.' }),
  );

/** A moment that a request names, as RFC 3339 has it: `2025-08-26T20:19:35.554Z`. */
export const Moment = z.iso.datetime({
  offset: true,
  error: 'must be a moment as in RFC 3339: 2025-08-26T20:19:35.554Z',
});

/** A name that somebody gives to something. */
export const givenName = storable
  .trim()
  .min(1, 'must not be empty')
  .max(200, 'must have at most 200 characters')
  // Characters that turn the text around them, or are not seen at all, would disguise one name as another.
  .refine(
    (text) => !/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069]/u.test(text.replaceAll('\0', '')),
    'must not contain control characters',
  );

/** An integer in a query. Digits only: `1e3`, `0x10` and ` 7 ` are mistakes, not numbers. */
export const integerParameter = (minimum: number, maximum: number) => {
  const range = `must be an integer from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, range)
    .transform(Number)
    .pipe(z.int().min(minimum, range).max(maximum, range));
};

/** By what a list is sorted: one of the fields, with a leading minus for descending order. */
export const sortParameter = <Field extends string>(fields: readonly Field[], absent: Field) =>
  z
    .string()
    .default(absent)
    .transform((text, context): Sort<Field> => {
      const by = fields.find((field) => text === field || text === `-${field}`);
      if (by !== undefined) return { by, descending: text.startsWith('-') };
      context.addIssue(`must be one of ${fields.join(', ')}, or one of them after a minus`);
      return z.NEVER;
    })
    .meta({ enum: fields.flatMap((field) => [field, `-${field}`]) });

/** A list in a query, with commas between. */
export const commaSeparated = <Schema extends z.ZodType<unknown, string>>(item: Schema) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(item));

const pageNumber = integerParameter(0, 9_999_999);

/** Which page of users or roles. */
export const pageParameters = {
  'page[size]': integerParameter(1, MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
  'page[number]': pageNumber.default(0),
};

/** Which page of teams or memberships: by number, as the official client asks, or by offset, as the links do. */
export const optionalPageParameters = {
  'page[size]': integerParameter(1, MAX_PAGE_SIZE).optional(),
  'page[number]': pageNumber.optional(),
  'page[limit]': integerParameter(1, MAX_PAGE_SIZE).optional(),
  'page[offset]': integerParameter(0, 999_999_999).optional(),
};

/** How much there is of what a page is a part of. */
export const PageMeta = z.object({
  page: z.object({
    total_count: z.int().meta({ description: 'How many there are.' }),
    total_filtered_count: z.int().meta({ description: 'How many of them the query matches.' }),
  }),
});

export type ErrorBody = z.infer<typeof ErrorBody>;

/** By which field a list is sorted, and which way. */
export interface Sort<Field extends string> {
  by: Field;
  descending: boolean;
}
