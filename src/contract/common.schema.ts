import { z } from 'zod';

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

/** A reference to an organization. */
export const OrgReference = z.object({ type: z.literal('orgs'), id: Uuid });

/** PostgreSQL keeps no text that has this character in it. */
export const storable = z
  .string()
  .refine((text) => !text.includes('\0'), 'must not contain the character NUL');

const range = (minimum: number, maximum: number) => `must be an integer from ${minimum} to ${maximum}`;

/** A whole number in a query. Digits only: `1e3`, `0x10` and ` 7 ` are mistakes, not numbers. */
export const integerParameter = (minimum: number, maximum: number, absent: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, range(minimum, maximum))
    .transform(Number)
    .pipe(z.int().min(minimum, range(minimum, maximum)).max(maximum, range(minimum, maximum)))
    .default(absent);

export type ErrorBody = z.infer<typeof ErrorBody>;
