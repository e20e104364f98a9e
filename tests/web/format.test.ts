import { expect, it } from 'vitest';
import { collator, formatList, formatRelativeTime, plural } from '../../src/web/i18n/format.ts';

const NOW = new Date('2026-11-22T12:00:00Z');

it.each([
  ['2026-11-22T12:00:30Z', undefined],
  ['2026-11-22T11:59:01Z', undefined],
  ['2026-11-22T11:59:00Z', '1 minute ago'],
  ['2026-11-22T10:00:01Z', '1 hour ago'],
  ['2026-11-21T12:00:00Z', '1 day ago'],
  ['2026-10-24T12:00:00Z', '29 days ago'],
  ['2026-10-01T12:00:00Z', '1 month ago'],
  ['2025-11-22T12:00:00Z', '1 year ago'],
  ['2023-01-01T00:00:00Z', '3 years ago'],
])('%s is %s', (date, words) => {
  expect(formatRelativeTime(new Date(date), NOW)).toBe(words);
});

function count(connections: number): string {
  return plural(connections, { one: (n) => `${n} connection`, other: (n) => `${n} connections` });
}

it('counts', () => {
  expect(count(0)).toBe('0 connections');
  expect(count(1)).toBe('1 connection');
  expect(count(1200)).toBe('1,200 connections');
});

it('lists', () => {
  expect(formatList(['Metrics', 'Logs', 'Audit Trail'])).toBe('Metrics, Logs, and Audit Trail');
});

it('sorts names as a reader would', () => {
  expect(['Team 10', 'Émile', 'team 2', 'Eve', 'zoo'].toSorted(collator.compare)).toEqual([
    'Émile',
    'Eve',
    'team 2',
    'Team 10',
    'zoo',
  ]);
});
