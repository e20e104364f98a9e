import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import pLimit from 'p-limit';
import { MAX_PASSWORD_LENGTH } from '../../contract/console/constants.ts';
import { DomainError } from '../../rules/errors.ts';

const KEY_BYTES = 64;
const COST = { N: 16_384, r: 16, p: 1, maxmem: 64 * 1024 * 1024 };

/** Hashes at most two passwords at a time: Node's thread pool has four threads, which files and DNS share. */
const limit = pLimit(2);
const MAX_WAITING = 100;

/** At the start, when no request waits for a thread: as many as there are cores, up to all threads. */
const bulkLimit = pLimit(Math.min(availableParallelism(), 4));

/** Returns the salted hash to store: the salt, a colon and the scrypt key in hexadecimal. */
export async function hashPassword(password: string): Promise<string> {
  return hashWith(deriveKey, password);
}

/** As {@link hashPassword}, for thousands of passwords at the start: they wait, however many they are. */
export async function hashPasswordInBulk(password: string): Promise<string> {
  return hashWith((text, salt) => bulkLimit(() => scryptKey(text, salt)), password);
}

async function hashWith(derive: typeof deriveKey, password: string): Promise<string> {
  const salt = randomBytes(16).toString('hex');
  return `${salt}:${(await derive(password, salt)).toString('hex')}`;
}

/**
 * Returns whether a password has the stored hash.
 *
 * @param hash undefined if there is no such person or they have no password; takes as long as a wrong password
 */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [salt = '', key = ''] = (hash ?? UNUSED_HASH).split(':');
  const expected = Buffer.from(key, 'hex');
  const actual = await deriveKey(password.slice(0, MAX_PASSWORD_LENGTH), salt);
  const matches = actual.length === expected.length && timingSafeEqual(actual, expected);
  return matches && hash !== undefined && password.length <= MAX_PASSWORD_LENGTH;
}

const UNUSED_HASH = `${'0'.repeat(32)}:${'0'.repeat(2 * KEY_BYTES)}`;

const scryptAsync = promisify<string, string, number, typeof COST, Buffer>(scrypt);

/** Throws `unavailable` if too many passwords wait already. */
function deriveKey(password: string, salt: string): Promise<Buffer> {
  if (limit.pendingCount >= MAX_WAITING) throw new DomainError('unavailable', 'server_busy');
  return limit(() => scryptKey(password, salt));
}

function scryptKey(password: string, salt: string): Promise<Buffer> {
  return scryptAsync(password.normalize('NFKC'), salt, KEY_BYTES, COST);
}
