import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compact, tabulate } from '../../src/query/layout.ts';
import type { Values } from '../../src/query/result.ts';
import { finish } from '../support/finish.ts';
import { alone, grouped, results } from '../support/results.ts';

describe('results over time, as they are sent', () => {
  it('share the instants at which anything has a point', () => {
    const services = grouped(
      ['service', 'env'],
      { 'web,eu': [1, null, null, 3], 'db,us': [null, null, null, null], 'db,eu': [null, null, null, 5] },
      { step: 10 },
    );
    const all = alone([7, null, 9], { step: 5, from: 25 });
    expect(finish(compact([services, all]))).toEqual({
      times: [0, 25_000, 30_000, 35_000],
      rows: [
        { resultIndex: 0, group: ['service:web', 'env:eu'], values: [1, null, 3, null] },
        { resultIndex: 0, group: ['service:db', 'env:eu'], values: [null, null, 5, null] },
        { resultIndex: 1, group: [], values: [null, 7, null, 9] },
      ],
    });
  });

  it('may be nothing at all', () => {
    expect(finish(compact([]))).toEqual({ times: [], rows: [] });
    expect(finish(compact([alone([null])]))).toEqual({ times: [], rows: [] });
  });

  it('have every point that there was, and no other', () => {
    fc.assert(
      fc.property(fc.array(results(), { maxLength: 3 }), (all) => {
        const { times, rows } = finish(compact(all));
        const sent = rows.flatMap(({ resultIndex, group, values }) =>
          pointsOf(times, values).map((point) => [resultIndex, group.join(), ...point]),
        );
        const there = all.flatMap(({ keys, times: instants, series }, resultIndex) =>
          series.flatMap(({ group, values }) => {
            const tags = group.map((value, index) => `${keys[index]}:${value}`).join();
            return pointsOf(instants, values).map((point) => [resultIndex, tags, ...point]);
          }),
        );
        expect(sent).toEqual(there);
        for (const [index] of times.entries()) {
          expect(rows.some(({ values }) => values[index] !== null)).toBe(true);
        }
      }),
    );
  });
});

describe('scalars as a table', () => {
  it('have a line for each group of any', () => {
    expect(
      finish(
        tabulate([
          grouped(['service'], { web: [1], db: [2] }),
          grouped(['service'], { db: [20], cache: [30] }),
        ]),
      ),
    ).toEqual({
      keys: ['service'],
      rows: [
        { group: [['web']], values: [1, null] },
        { group: [['db']], values: [2, 20] },
        { group: [['cache']], values: [null, 30] },
      ],
    });
  });

  it('leave empty what a result is not grouped by', () => {
    expect(
      finish(
        tabulate([
          grouped(['service'], { web: [1] }),
          alone([5]),
          grouped(['env', 'service'], { 'eu,web': [2] }),
        ]),
      ),
    ).toEqual({
      keys: ['service', 'env'],
      rows: [
        { group: [['web'], []], values: [1, null, null] },
        { group: [[], []], values: [null, 5, null] },
        { group: [['web'], ['eu']], values: [null, null, 2] },
      ],
    });
  });

  it('share a line whatever the order of their keys', () => {
    const table = finish(
      tabulate([
        grouped(['service', 'env'], { 'web,eu': [1] }),
        grouped(['env', 'service'], { 'eu,web': [2] }),
      ]),
    );
    expect(table.rows).toEqual([{ group: [['web'], ['eu']], values: [1, 2] }]);
  });

  it('tell a group without a value from none', () => {
    const table = finish(tabulate([grouped(['service'], { '': [1] }), alone([2])]));
    expect(table.rows).toEqual([
      { group: [['']], values: [1, null] },
      { group: [[]], values: [null, 2] },
    ]);
  });

  it('may be impossible', () => {
    expect(finish(tabulate([alone([null])]))).toEqual({ keys: [], rows: [{ group: [], values: [null] }] });
  });
});

function pointsOf(times: readonly number[], values: Values): [time: number | undefined, value: number][] {
  return values.flatMap((value, index) => (value === null ? [] : [[times[index], value]]));
}
