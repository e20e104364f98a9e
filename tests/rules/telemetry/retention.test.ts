import { describe, expect, it } from 'vitest';
import { periodOf } from '../../../src/rules/telemetry/partitions.ts';
import { intakeWindow, oldestKept, expiredPartitions } from '../../../src/rules/telemetry/retention.ts';

const NOW = Date.parse('2026-03-04T00:00:00Z');
const DAY = 24 * 60 * 60_000;
const RETENTION = { metrics: 456, logs: 15, ci: 30 };

const partition = (table: 'metric_point' | 'event', from: string, to: string) => ({
  table,
  name: `${table} ${from}`,
  from: Date.parse(from),
  to: Date.parse(to),
});

describe('the retention', () => {
  it.each([
    ['metrics', 456],
    ['logs', 15],
    ['ci_pipelines', 30],
    ['ci_tests', 30],
    ['audit', 15],
  ] as const)('of %s is %i days', (source, days) => {
    expect(oldestKept(source, RETENTION, NOW)).toBe(NOW - days * DAY);
    expect(intakeWindow(source, RETENTION, NOW)).toMatchObject({
      from: NOW - days * DAY,
      to: NOW + 10 * 60_000,
    });
  });
});

describe('partitions', () => {
  const january = partition('metric_point', '2026-01-01', '2026-02-01');
  const february = partition('metric_point', '2026-02-01', '2026-03-01');
  const march = partition('metric_point', '2026-03-01', '2026-04-01');
  const week7 = partition('event', '2026-02-09', '2026-02-16');
  const week8 = partition('event', '2026-02-16', '2026-02-23');
  const all = [january, february, march, week7, week8];

  it.each<[string, { metrics: number; logs: number; ci: number }[], object[]]>([
    ['none while all keep them', [RETENTION], []],
    ['those whose last moment is older', [{ metrics: 3, logs: 9, ci: 9 }], [january, february, week7, week8]],
    ['not before their last moment is', [{ metrics: 4, logs: 10, ci: 10 }], [january, week7]],
    ['none that pipelines still need', [{ metrics: 40, logs: 1, ci: 17 }], []],
    ['none that logs still need', [{ metrics: 40, logs: 16, ci: 1 }], [week7]],
    [
      'none that another account still needs',
      [
        { metrics: 3, logs: 1, ci: 1 },
        { metrics: 20, logs: 5, ci: 16 },
      ],
      [january, week7],
    ],
    ['none where there is no account', [], []],
  ])('go: %s', (_, retentions, gone) => {
    expect(expiredPartitions(all, retentions, NOW)).toEqual(gone);
  });
});

describe('a partition', () => {
  it.each([
    ['event', '2026-03-04T05:06:07Z', '2026-03-02', '2026-03-09'],
    ['event', '2026-03-02T00:00:00Z', '2026-03-02', '2026-03-09'],
    ['event', '2026-03-01T23:59:59.999Z', '2026-02-23', '2026-03-02'],
    ['event', '1969-12-31T00:00:00Z', '1969-12-29', '1970-01-05'],
    ['metric_point', '2026-02-28T23:59:59.999Z', '2026-02-01', '2026-03-01'],
    ['metric_point', '2026-12-01T00:00:00Z', '2026-12-01', '2027-01-01'],
  ] as const)('of %s that holds %s is from %s to %s', (table, time, from, to) => {
    expect(periodOf(table, Date.parse(time))).toEqual({ from: Date.parse(from), to: Date.parse(to) });
  });
});
