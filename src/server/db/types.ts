import { type CustomTypesConfig, types as pgTypes } from 'pg';

type Parse = (text: string) => unknown;

/** Parsers of a value's text, for both databases. Other types use the parsers of `pg`. */
const parsers = new Map<number, Parse>([
  [20, safeInteger], // int8
  [1082, unchanged], // date
  [1114, unchanged], // timestamp: not a Date, because it has no time zone
  [1184, wireTimestamp], // timestamptz
  [1016, arrayOf(safeInteger)], // int8[]
  [1115, arrayOf(unchanged)], // timestamp[]
  [1182, arrayOf(unchanged)], // date[]
  [1185, arrayOf(wireTimestamp)], // timestamptz[]
  [1231, arrayOf(unchanged)], // numeric[]: `pg` returns numbers, which lose digits
]);

/** Type parsers for the `types` option of a `pg` pool. */
export const types: CustomTypesConfig = { getTypeParser };

function getTypeParser(oid: number, format?: 'text' | 'binary'): Parse {
  const parse = format === 'binary' ? undefined : parsers.get(oid);
  return parse ?? pgTypes.getTypeParser(oid, format ?? 'text');
}

function unchanged(text: string): string {
  return text;
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`${text} is beyond the integers that are exact here`);
  return value;
}

const timestampText = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?([+-]\d\d)(?::?(\d\d))?$/;

/** Converts `2025-08-26 20:19:35.5+00` to `2025-08-26T20:19:35.500000+00:00`. Leaves `infinity` and years BC unchanged. */
function wireTimestamp(text: string): string {
  const match = timestampText.exec(text);
  if (match === null) return text;
  const [, date, time, fraction = '', hours, minutes = '00'] = match;
  return `${date}T${time}.${fraction.padEnd(6, '0')}${hours}:${minutes}`;
}

function arrayOf(parse: Parse): Parse {
  const parseElements = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(parseElements);
    return typeof value === 'string' ? parse(value) : value;
  };
  return (text) => parseElements(parseTextArray(text));
}

function parseTextArray(text: string): unknown {
  return getTypeParser(1009)(text);
}
