import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../../src/server/db/database.ts';
import { describeOnBothDatabases } from '../../support/databases.ts';

describeOnBothDatabases('A value read from the database', (open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });

  async function read(expression: string, ...parameters: unknown[]): Promise<unknown> {
    const [before = '', ...after] = expression.split('?');
    const parts = [sql.raw(before)];
    after.forEach((text, index) => parts.push(sql`${parameters[index]}`, sql.raw(text)));
    const { rows } = await sql<{ value: unknown }>`select ${sql.join(parts, sql``)} as value`.execute(
      database.db,
    );
    return rows[0]?.value;
  }

  describe('is converted without loss', () => {
    test.each([
      ['a count', 'count(*)', 1],
      ['a large integer', '9007199254740991::int8', 9007199254740991],
      ['a decimal number', '0.1000000000000000055::numeric', '0.1000000000000000055'],
      ['a floating-point number', '0.1::float8', 0.1],
      ['a truth value', 'true', true],
      ['nothing', 'null::int8', null],
      ['a day', `'2025-08-26'::date`, '2025-08-26'],
      ['a local time', `'2025-08-26 20:19:35'::timestamp`, '2025-08-26 20:19:35'],
      ['a document', `'{"a": [1, {"b": null}]}'::jsonb`, { a: [1, { b: null }] }],
      ['bytes', `'\\x00ff'::bytea`, Buffer.from([0, 255])],
      ['a list of texts', `array['a', null, 'b "c", d']`, ['a', null, 'b "c", d']],
      [
        'a list of UUIDs',
        `array['11111111-1111-4111-8111-111111111111']::uuid[]`,
        ['11111111-1111-4111-8111-111111111111'],
      ],
      ['a list of large integers', 'array[1, null, 9007199254740991]::int8[]', [1, null, 9007199254740991]],
      [
        'a table of integers',
        'array[[1, 2], [3, 4]]::int8[]',
        [
          [1, 2],
          [3, 4],
        ],
      ],
      ['a list of decimal numbers', 'array[1.10]::numeric[]', ['1.10']],
      ['a list of days', `array['2025-08-26']::date[]`, ['2025-08-26']],
      ['an empty list', `'{}'::timestamptz[]`, []],
    ])('%s', async (_, expression, value) => {
      expect(await read(expression)).toEqual(value);
    });
  });

  describe('is a timestamp with six digits, in UTC', () => {
    test.each([
      ['2025-08-26T20:19:35.554634+00:00', '2025-08-26T20:19:35.554634+00:00'],
      ['2025-08-26 22:19:35.5+02', '2025-08-26T20:19:35.500000+00:00'],
      ['2025-08-26 20:19:35Z', '2025-08-26T20:19:35.000000+00:00'],
      ['12025-08-26 20:19:35Z', '12025-08-26T20:19:35.000000+00:00'],
      ['infinity', 'infinity'],
    ])('%s', async (written, value) => {
      expect(await read(`?::timestamptz`, written)).toBe(value);
      expect(await read(`array[?::timestamptz]`, written)).toEqual([value]);
    });
  });

  test('is refused rather than rounded, if it is an integer out of the safe range', async () => {
    await expect(read('9007199254740992::int8')).rejects.toThrow('beyond the integers that are exact');
    expect(await read('1')).toBe(1);
  });

  test('is the time of the written Date', async () => {
    expect(await read('?::timestamptz', new Date('2025-08-26T20:19:35.554Z'))).toBe(
      '2025-08-26T20:19:35.554000+00:00',
    );
  });

  test('returns a list as it was written', async () => {
    expect(await read('?::text[]', ['a', 'b "c", d'])).toEqual(['a', 'b "c", d']);
  });

  test('is complete, even if it is large', async () => {
    const text = 'ü€'.repeat(2_000_000);
    expect(await read('?::text', text)).toBe(text);
  });
});
