import { expect, it } from 'vitest';
import { collator, formatCount, formatDistance, formatList } from '../../src/web/ui/format.ts';

const NOW = new Date('2026-11-22T12:00:00Z');

it.each([
  ['2026-11-22T12:00:30Z', 'now'],
  ['2026-11-22T11:59:01Z', 'now'],
  ['2026-11-22T11:59:00Z', '1 minute ago'],
  ['2026-11-22T10:00:01Z', '1 hour ago'],
  ['2026-11-21T12:00:00Z', '1 day ago'],
  ['2026-10-24T12:00:00Z', '29 days ago'],
  ['2026-10-01T12:00:00Z', '1 month ago'],
  ['2025-11-22T12:00:00Z', '1 year ago'],
  ['2023-01-01T00:00:00Z', '3 years ago'],
])('%s is %s', (date, words) => {
  expect(formatDistance(new Date(date), NOW)).toBe(words);
});

it('counts', () => {
  expect(formatCount(0, 'connection')).toBe('0 connections');
  expect(formatCount(1, 'connection')).toBe('1 connection');
  expect(formatCount(1200, 'connection')).toBe('1,200 connections');
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
