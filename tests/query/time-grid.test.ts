import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridFor } from '../../src/query/time-grid.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 25, 12, 34, 56);

describe('the interval of a chart', () => {
  it.each<[string, number, number | undefined, number]>([
    ['a millisecond', 1, undefined, MINUTE],
    ['a minute', MINUTE, undefined, MINUTE],
    ['15 minutes', 15 * MINUTE, undefined, MINUTE],
    ['an hour', HOUR, undefined, MINUTE],
    ['4 hours', 4 * HOUR, undefined, MINUTE],
    ['a day', DAY, undefined, 5 * MINUTE],
    ['a week', 7 * DAY, undefined, HOUR],
    ['30 days', 30 * DAY, undefined, 3 * HOUR],
    ['a year', 365 * DAY, undefined, 2 * DAY],
    ['a century', 36_525 * DAY, undefined, 365 * DAY],
    ['a millennium', 365_250 * DAY, undefined, 4 * 365 * DAY],
    ['an hour by the minute', HOUR, MINUTE, MINUTE],
    ['an hour by 7 ms more than a minute', HOUR, MINUTE + 7, MINUTE + 7],
    ['an hour by the day', HOUR, DAY, DAY],
    ['a day by the minute', DAY, MINUTE, MINUTE],
    ['a day by the second', DAY, SECOND, MINUTE],
    ['an hour by the millisecond', HOUR, 1, 5 * SECOND],
  ])('over %s', (_, span, interval, step) => {
    const to = Math.ceil(NOW / DAY) * DAY;
    expect(gridFor({ from: to - span, to, interval }).step).toBe(step);
  });
});

describe('the instants of a chart', () => {
  it.each<[string, number, number, number, number[]]>([
    ['start where the range does', 0, 30, 10, [0, 10, 20]],
    ['start with the interval that holds its start', 9, 30, 10, [0, 10, 20]],
    ['end with the one that holds its end', 0, 31, 10, [0, 10, 20, 30]],
    ['are one for what is within an interval', 11, 12, 10, [10]],
    ['may be before 1970', -15, 5, 10, [-20, -10, 0]],
  ])('%s', (_, from, to, interval, times) => {
    const grid = { from: times[0], step: interval, times };
    expect(gridFor({ from, to, interval })).toEqual(grid);
  });

  it('are multiples of the interval, cover the range, and are not too many', () => {
    const moments = fc.oneof(
      fc.integer({ min: NOW - 400 * DAY, max: NOW }),
      fc.integer({ min: -7e15, max: 7e15 }),
    );
    const spans = fc.oneof(
      fc.integer({ min: 1, max: HOUR }),
      fc.integer({ min: 1, max: 400 * DAY }),
      fc.integer({ min: 1, max: 8e14 }),
    );
    const intervals = fc.option(
      fc.oneof(fc.integer({ min: 1, max: HOUR }), fc.integer({ min: 1, max: 1e15 })),
      { nil: undefined },
    );
    fc.assert(
      fc.property(moments, spans, intervals, (start, span, interval) => {
        const grid = gridFor({ from: start, to: start + span, interval });
        expect(grid.times.length).toBeGreaterThanOrEqual(1);
        expect(grid.times.length).toBeLessThanOrEqual(interval === undefined ? 300 : 1500);
        expect(grid.times[0]).toBe(grid.from);
        expect(grid.from).toBeLessThanOrEqual(start);
        expect(grid.from + grid.step).toBeGreaterThan(start);
        expect((grid.times.at(-1) ?? 0) + grid.step).toBeGreaterThanOrEqual(start + span);
        expect(grid.times.at(-1)).toBeLessThan(start + span);
        expect(grid.times.every((time) => time % grid.step === 0)).toBe(true);
        if (interval !== undefined) expect(grid.step).toBeGreaterThanOrEqual(interval);
      }),
    );
  });
});
