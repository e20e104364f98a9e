import { describe, expect, it } from 'vitest';
import { leavesOf, shiftOf } from '../../src/query/expression.ts';
import { parseFormula } from '../../src/query/formula.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('the queries of a formula', () => {
  it.each<[string, [string, number][]]>([
    ['3', []],
    ['a', [['a', 0]]],
    [
      'a + -b / a',
      [
        ['a', 0],
        ['b', 0],
        ['a', 0],
      ],
    ],
    ['abs(a)', [['a', 0]]],
    ['timeshift(a, -3600)', [['a', HOUR]]],
    ['hour_before(a)', [['a', HOUR]]],
    ['day_before(a)', [['a', DAY]]],
    ['week_before(a)', [['a', 7 * DAY]]],
    ['month_before(a)', [['a', 28 * DAY]]],
    ['day_before(abs(hour_before(a)))', [['a', DAY + HOUR]]],
    [
      'a - week_before(a + hour_before(b)) - c',
      [
        ['a', 0],
        ['a', 7 * DAY],
        ['b', 7 * DAY + HOUR],
        ['c', 0],
      ],
    ],
  ])('are wanted as of earlier if functions say so: %s', (text, leaves) => {
    expect(leavesOf(parseFormula(text)).map(({ leaf, shift }) => [leaf, shift])).toEqual(leaves);
  });

  it('are moved by a function as far as it says of itself', () => {
    expect(shiftOf({ name: 'timeshift', parameters: [-60] })).toBe(60_000);
    expect(shiftOf({ name: 'day_before', parameters: [] })).toBe(DAY);
    expect(shiftOf({ name: 'clamp_min', parameters: [-60] })).toBe(0);
  });
});
