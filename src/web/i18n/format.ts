import { locale } from './locale.ts';

const numbers = new Intl.NumberFormat(locale);
const plurals = new Intl.PluralRules(locale);
const conjunctions = new Intl.ListFormat(locale, { type: 'conjunction' });
const dateTimes = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const relativeTimes = new Intl.RelativeTimeFormat(locale);

/** Compares names as a reader would: case and accents count last, numbers by their value. */
export const collator = new Intl.Collator(locale, { numeric: true });

export function formatNumber(value: number): string {
  return numbers.format(value);
}

/** Returns a sentence with the formatted number. */
type PluralForm = (count: string) => string;
type PluralForms = Partial<Record<Intl.LDMLPluralRule, PluralForm>> & { other: PluralForm };

/** `plural(2, { one: (n) => `${n} key`, other: (n) => `${n} keys` })` is "2 keys". */
export function plural(count: number, forms: PluralForms): string {
  const form = forms[plurals.select(count)] ?? forms.other;
  return form(formatNumber(count));
}

/** `formatList(['a', 'b', 'c'])` is "a, b, and c". */
export function formatList(items: readonly string[]): string {
  return conjunctions.format(items);
}

/** Returns the local date and time, to the minute. */
export function formatDateTime(date: Date): string {
  return dateTimes.format(date);
}

const compactNumbers = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 2 });
const axisFormats = {
  seconds: new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', second: '2-digit' }),
  minutes: new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }),
  days: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }),
  months: new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric' }),
};

const measures = new Intl.NumberFormat(locale, {
  maximumSignificantDigits: 4,
  maximumFractionDigits: 2,
  roundingPriority: 'morePrecision',
});

/** Returns a measured number to two decimals, or to four significant digits: "1,266.67", "0.001235". */
export function formatMeasure(value: number): string {
  return measures.format(value);
}

/** Returns a short number for axes and large values: "1.2K". */
export function formatCompact(value: number): string {
  return compactNumbers.format(value);
}

/** Returns the label of an instant (epoch ms) on a time axis with labels every `step` ms. */
export function formatAxisTime(time: number, step: number): string {
  const date = new Date(time);
  if (step < 60_000) return axisFormats.seconds.format(date);
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
  if (step < 24 * 3_600_000 && !isMidnight) return axisFormats.minutes.format(date);
  return (step < 28 * 24 * 3_600_000 ? axisFormats.days : axisFormats.months).format(date);
}

const UNITS = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
] as const satisfies readonly (readonly [Intl.RelativeTimeFormatUnit, number])[];

/** Returns "3 days ago", in the largest unit that fits; undefined within the same minute. */
export function formatRelativeTime(date: Date, from: Date): string | undefined {
  const seconds = (date.getTime() - from.getTime()) / 1000;
  const [unit, length] = UNITS.find((candidate) => Math.abs(seconds) >= candidate[1]) ?? [];
  return unit && length ? relativeTimes.format(Math.trunc(seconds / length), unit) : undefined;
}
