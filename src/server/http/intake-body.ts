import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { z } from 'zod';
import { DomainError, invalidField } from '../../rules/errors.ts';
import { parse, parseJson } from './validate.ts';

const MAX_BYTES = 5 * 1024 * 1024;

/** Supported content encodings. */
const DECODERS = { gzip: promisify(gunzip), deflate: promisify(inflate) };

/** Refuses an intake body over the maximum size, before decompression. */
export const limitIntakeBody = bodyLimit({
  maxSize: MAX_BYTES,
  onError: () => {
    throw tooLarge();
  },
});

/** Decompresses and parses a body. Throws `invalid`, with one detail per fault. */
export async function readIntakeBody<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  const bytes = await decompress(await c.req.arrayBuffer(), c.req.header('Content-Encoding'));
  return parse(schema, parseJson(new TextDecoder().decode(bytes)));
}

async function decompress(body: ArrayBuffer, encoding = 'identity'): Promise<ArrayBuffer | Buffer> {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '') return body;
  if (name !== 'gzip' && name !== 'deflate') {
    throw invalidField('Content-Encoding', `must be gzip or deflate, not ${name}`);
  }
  try {
    // Stops at the maximum size, so that a small body cannot expand without limit.
    return await DECODERS[name](body, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw new DomainError('invalid', 'body_not_encoded', { encoding: name });
  }
}

function tooLarge(): DomainError {
  return new DomainError('too_large', 'body_too_large', { megabytes: 5 });
}
