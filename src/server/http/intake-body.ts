import { promisify } from 'node:util';
import { gunzip, inflate, zstdDecompress } from 'node:zlib';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { DomainError, invalidField } from '../../rules/errors.ts';
import { isNotJson, type JsonLimits, parseLenientJson } from '../../rules/json.ts';

const MAX_BYTES = 5 * 1024 * 1024;

const LIMITS: JsonLimits = { depth: 64, values: 200_000 };

/** Decoders of content encodings. Agents use zstd by default. */
const DECODERS = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  zstd: promisify(zstdDecompress),
};

/** Refuses an intake body over the maximum size, before decompression. */
export const limitIntakeBody = bodyLimit({
  maxSize: MAX_BYTES,
  onError: () => {
    throw tooLarge();
  },
});

/** Decompresses and parses a JSON body. Throws `invalid` or `too_large`. */
export async function readIntakeJson(c: Context): Promise<unknown> {
  return parseLenientJson(await readText(c), LIMITS);
}

/**
 * Reads the items of a body: a JSON list, one JSON value, or text with one item per line. A line that is not a JSON object is an
 * item only in plain text. Throws `invalid` or `too_large`.
 */
export async function readIntakeLines(c: Context): Promise<unknown[]> {
  const text = await readText(c);
  const isPlain = /^text\/plain\b/i.test(c.req.header('Content-Type') ?? '');
  try {
    const body = parseLenientJson(text, LIMITS);
    return Array.isArray(body) ? body : [body];
  } catch (error) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (!isNotJson(error) || !(isPlain || lines.every((line) => line.trimStart().startsWith('{'))))
      throw error;
    return lines.map((line) =>
      line.trimStart().startsWith('{') ? parseLine(line, isPlain) : line.trimEnd(),
    );
  }
}

/** Parses a line with a JSON object. In plain text, a line that is not JSON after all stays as it is. */
function parseLine(line: string, isPlain: boolean): unknown {
  try {
    return parseLenientJson(line, LIMITS);
  } catch (error) {
    if (isPlain && isNotJson(error)) return line.trimEnd();
    throw error;
  }
}

async function readText(c: Context): Promise<string> {
  const bytes = await decompress(await c.req.arrayBuffer(), c.req.header('Content-Encoding'));
  return new TextDecoder().decode(bytes);
}

async function decompress(body: ArrayBuffer, encoding = 'identity'): Promise<ArrayBuffer | Buffer> {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '') return body;
  if (name !== 'gzip' && name !== 'deflate' && name !== 'zstd') {
    throw invalidField('Content-Encoding', `must be gzip, deflate or zstd, not ${name}`);
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
