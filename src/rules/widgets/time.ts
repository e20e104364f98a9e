import { isObject } from '../json.ts';
import type { JsonObject } from './definition.ts';

/** Time of a widget or a page: a span that ends now, or a fixed range in epoch ms. */
export type WidgetTime = { kind: 'live'; seconds: number } | { kind: 'fixed'; from: number; to: number };

const UNITS = {
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  year: 31_536_000,
} as const;
const SHORT_UNITS = { m: 'minute', h: 'hour', d: 'day', w: 'week', mo: 'month', y: 'year' } as const;

/** Longest span and range, ten years in seconds. */
const MAX_SECONDS = 315_360_000;

/** Spans offered as presets, in Datadog's notation. */
export const PRESETS = ['5m', '15m', '1h', '4h', '1d', '2d', '1w', '1mo', '3mo'] as const;

/** Returns the time of a definition's `time` member. Undefined: the time of the page. */
export function timeOf({ time }: JsonObject): WidgetTime | undefined {
  const { live_span, type, unit, value, from, to } = isObject(time) ? time : {};
  if (typeof live_span === 'string') return parseSpan(live_span);
  if (type === 'live' && isUnit(unit) && typeof value === 'number') return live(value * UNITS[unit]);
  if (type === 'fixed' && typeof from === 'number' && typeof to === 'number') {
    return fixed(from * 1000, to * 1000);
  }
  return undefined;
}

/** Parses a span such as `15m`, `4h` or `1mo`. Undefined if it is not one, or longer than ten years. */
export function parseSpan(text: string): WidgetTime | undefined {
  const [, count, unit] = /^(\d{1,9})(mo|[mhdwy])$/.exec(text) ?? [];
  if (count === undefined || !isShortUnit(unit)) return undefined;
  return live(Number(count) * UNITS[SHORT_UNITS[unit]]);
}

/** Prints a span in the largest unit that divides it. Whole minutes only. */
export function printSpan(seconds: number): string {
  const [short = 'm', unit = 'minute'] =
    Object.entries(SHORT_UNITS).findLast(([, name]) => seconds % UNITS[name] === 0) ?? [];
  return `${Math.round(seconds / UNITS[unit])}${short}`;
}

/** Parses the time of an address: `15m`, or `1700000000000-1700003600000`. */
export function parseTime(text: string): WidgetTime | undefined {
  const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  return from === undefined || to === undefined ? parseSpan(text) : fixed(Number(from), Number(to));
}

/** Prints a time for an address. */
export function printTime(time: WidgetTime): string {
  return time.kind === 'live' ? printSpan(time.seconds) : `${time.from}-${time.to}`;
}

/** Returns the range of a time in epoch ms. */
export function rangeOf(time: WidgetTime, now: number): { from: number; to: number } {
  return time.kind === 'live'
    ? { from: now - time.seconds * 1000, to: now }
    : { from: time.from, to: time.to };
}

function live(seconds: number): WidgetTime | undefined {
  return seconds > 0 && seconds <= MAX_SECONDS ? { kind: 'live', seconds } : undefined;
}

function fixed(from: number, to: number): WidgetTime | undefined {
  const isRange = from >= 0 && from < to && to - from <= MAX_SECONDS * 1000;
  return isRange ? { kind: 'fixed', from: Math.round(from), to: Math.round(to) } : undefined;
}

function isUnit(text: unknown): text is keyof typeof UNITS {
  return typeof text === 'string' && Object.hasOwn(UNITS, text);
}

function isShortUnit(text: string | undefined): text is keyof typeof SHORT_UNITS {
  return text !== undefined && Object.hasOwn(SHORT_UNITS, text);
}
