/** The console speaks English; of its forms the one that the browser prefers decides how numbers and dates look. */
const locale = navigator.languages.find((language) => /^en\b/.test(language)) ?? 'en';

const numbers = new Intl.NumberFormat(locale);
const plurals = new Intl.PluralRules(locale);
const conjunctions = new Intl.ListFormat(locale, { type: 'conjunction' });
const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const distances = new Intl.RelativeTimeFormat(locale);
const now = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second');

/** Compares names as a reader would: case and accents count last, numbers by their value. */
export const collator = new Intl.Collator(locale, { numeric: true });

export function formatNumber(value: number): string {
  return numbers.format(value);
}

/** `formatCount(2, 'connection')` is "2 connections". */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${numbers.format(count)} ${plurals.select(count) === 'one' ? one : many}`;
}

/** `formatList(['a', 'b', 'c'])` is "a, b, and c". */
export function formatList(items: readonly string[]): string {
  return conjunctions.format(items);
}

/** The local date and time, to the minute. */
export function formatMoment(date: Date): string {
  return moments.format(date);
}

const UNITS = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
] as const satisfies readonly (readonly [Intl.RelativeTimeFormatUnit, number])[];

/** "3 days ago", in the largest unit of which at least one has passed. */
export function formatDistance(date: Date, from: Date): string {
  const seconds = (date.getTime() - from.getTime()) / 1000;
  const [unit, length] = UNITS.find((candidate) => Math.abs(seconds) >= candidate[1]) ?? [];
  return unit && length ? distances.format(Math.trunc(seconds / length), unit) : now;
}
