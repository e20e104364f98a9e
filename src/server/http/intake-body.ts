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
 * item only in plain text. Stops after one more line than `maximum`. Throws `invalid` or `too_large`.
 *
 * @returns the items; the DomainError of a line in the place of its item
 */
export async function readIntakeLines(c: Context, maximum: number): Promise<unknown[]> {
  const text = await readText(c);
  const isPlain = /^text\/plain\b/i.test(c.req.header('Content-Type') ?? '');
  if (isPlain && !/^\s*[[{]/.test(text)) return splitLines(text, maximum).map(parsePlainLine);
  try {
    const body = parseLenientJson(text, LIMITS);
    return Array.isArray(body) ? body : [body];
  } catch (error) {
    if (isPlain) return splitLines(text, maximum).map(parsePlainLine);
    const lines = isNotJson(error) ? splitLines(text, maximum) : [];
    if (lines.length < 2 || !lines.every(isObjectLine)) throw error;
    return lines.map(parseLine);
  }
}

/** Returns the lines that are not blank, up to one more than `maximum`. */
function splitLines(text: string, maximum: number): string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length && lines.length <= maximum;) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end === -1 ? undefined : end).trimEnd();
    if (line !== '') lines.push(line);
    start = end === -1 ? text.length : end + 1;
  }
  return lines;
}

function isObjectLine(line: string): boolean {
  return line.trimStart().startsWith('{');
}

function parseLine(line: string): unknown {
  try {
    return parseLenientJson(line, LIMITS);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

/** A line that is not a JSON object after all stays as it is. */
function parsePlainLine(line: string): unknown {
  if (!isObjectLine(line)) return line;
  const parsed = parseLine(line);
  return parsed instanceof DomainError ? line : parsed;
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
