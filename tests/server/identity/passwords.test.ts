import { describe, expect, it, vi } from 'vitest';
import { hashPassword, verifyPassword } from '../../../src/server/identity/passwords.ts';

/** Hash of "correct horse battery", written by better-auth 1.7.25. */
const OLD_HASH =
  'e329fb3113c581c90f8f3d99421560d9:9064310d720ebc5703da6117db458020f84aeea3cdec5c599c2e6ecebe567e11ed36ff25eeb33fe32ececd0cf3dc71bcd26d3c74ea8e4e121a5ef06d0907752a';

/** Hash of "Ångström ﬁsh" with the ligature ﬁ, written by better-auth 1.7.25. */
const OLD_UNICODE_HASH =
  '2c8ffbfa81bad8f2e5ec0dc3ece05f1b:4d796330f99ed568818ace192a86c0e7f8b4cb18aafc448671a2ecb07d19b147455caf80b9b12f218af4ee63789e33ea605d2a6cfa167bb24e0f6caef7474fbc';

/** Counts key derivations, in all and at the same time. */
const derivations = vi.hoisted(() => ({ total: 0, running: 0, highest: 0 }));

type Scrypt = (
  password: string,
  salt: string,
  length: number,
  options: object,
  done: (error: Error | null, key: Buffer) => void,
) => void;

vi.mock('node:crypto', async (importOriginal) => {
  const crypto = await importOriginal<{ scrypt: Scrypt }>();
  const scrypt: Scrypt = (password, salt, length, options, done) => {
    derivations.total += 1;
    derivations.running += 1;
    derivations.highest = Math.max(derivations.highest, derivations.running);
    crypto.scrypt(password, salt, length, options, (error, key) => {
      derivations.running -= 1;
      done(error, key);
    });
  };
  return { ...crypto, scrypt };
});

describe('a password', () => {
  it('is verified by its hash, which is salted', async () => {
    const [hash, again] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
    expect(hash).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/);
    expect(again).not.toBe(hash);
    expect(await verifyPassword('correct horse', hash)).toBe(true);
    expect(await verifyPassword('correct horsf', hash)).toBe(false);
  });

  it('that an earlier version stored still works', async () => {
    expect(await verifyPassword('correct horse battery', OLD_HASH)).toBe(true);
    expect(await verifyPassword('correct horse batter', OLD_HASH)).toBe(false);
  });

  it('works in every Unicode form', async () => {
    expect(await verifyPassword('A\u030Angstro\u0308m fish', OLD_UNICODE_HASH)).toBe(true);
  });

  it('of more than 128 characters is never correct', async () => {
    const hash = await hashPassword('x'.repeat(128));
    expect(await verifyPassword('x'.repeat(128), hash)).toBe(true);
    expect(await verifyPassword('x'.repeat(129), hash)).toBe(false);
  });

  it.each([[undefined], [''], ['salt'], [':'], ['salt:'], ['salt:not hexadecimal']])(
    'is not correct for the stored hash %j',
    async (hash) => {
      expect(await verifyPassword('', hash)).toBe(false);
      expect(await verifyPassword('correct horse battery', hash)).toBe(false);
    },
  );

  it('derives a key without a stored hash too, so that the time does not tell whether there is one', async () => {
    const before = derivations.total;
    await verifyPassword('a wrong password', undefined);
    expect(derivations.total).toBe(before + 1);
  });

  it('is derived at most twice at the same time, and refused when too many wait', async () => {
    derivations.highest = 0;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 120 }, () => verifyPassword('a wrong password', undefined)),
    );
    expect(derivations.highest).toBe(2);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(120 - 102);
    expect(refused[0]).toMatchObject({ reason: { reason: 'unavailable' } });
  });
});
