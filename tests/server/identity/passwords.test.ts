import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from '../../../src/server/identity/passwords.ts';

/** Hash of "correct horse battery", written by better-auth 1.7.25. */
const OLD_HASH =
  'e329fb3113c581c90f8f3d99421560d9:9064310d720ebc5703da6117db458020f84aeea3cdec5c599c2e6ecebe567e11ed36ff25eeb33fe32ececd0cf3dc71bcd26d3c74ea8e4e121a5ef06d0907752a';

/** Hash of "Ångström ﬁsh" with the ligature ﬁ, written by better-auth 1.7.25. */
const OLD_UNICODE_HASH =
  '2c8ffbfa81bad8f2e5ec0dc3ece05f1b:4d796330f99ed568818ace192a86c0e7f8b4cb18aafc448671a2ecb07d19b147455caf80b9b12f218af4ee63789e33ea605d2a6cfa167bb24e0f6caef7474fbc';

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

  it('takes as long to refuse without a stored hash as with one', async () => {
    // Only the order of magnitude: without the derivation it would be hundreds of times faster.
    expect(await timeOf(undefined)).toBeGreaterThan((await timeOf(OLD_HASH)) / 10);
  });
});

async function timeOf(hash: string | undefined): Promise<number> {
  const start = performance.now();
  await verifyPassword('a wrong password', hash);
  return performance.now() - start;
}
