import { isObject, type JsonLimits, parseJson } from '../json.ts';
import { type Attributes, fitText, flatten } from './attributes.ts';
import { INCOMPLETE, noteDropped, type ReportLoss } from './losses.ts';
import { withReserved } from './reserved.ts';
import { isWithin, type Window } from './retention.ts';
import { parseStatus } from './status.ts';
import { fitTags, MAX_TAGS, normalizeTags, splitTags } from './tags.ts';

const MAX_MESSAGE = 1_000_000;
const MESSAGE_LIMITS: JsonLimits = { depth: 64, values: 10_000 };

type Members = Readonly<Record<string, unknown>>;

/** Members that apply to all logs of a request. A log's own members win; its tags are added. */
export interface LogDefaults {
  ddsource?: string | undefined;
  ddtags?: string | undefined;
  hostname?: string | undefined;
  service?: string | undefined;
}

/** Converts a log to a stored event. Returns undefined for a log outside the window. */
export function readLog(item: Members, defaults: LogDefaults, window: Window, report: ReportLoss) {
  const { lose, isIncomplete } = noteDropped(report);
  const { ddtags, ...attributesOfAll } = defaults;
  const { message, tags, outer, inner } = unpack(item, lose);
  const time = outer.time ?? inner.time ?? window.now;
  if (!isWithin(window, time, 'timestamp', lose)) return undefined;
  const own = flatten(
    {
      // First in order, so that the maximum of attributes drops others; and last, so that its values win.
      ...outer.attributes,
      ...normalizeMembers(attributesOfAll, lose).attributes,
      ...inner.attributes,
      ...outer.attributes,
      status: outer.status ?? inner.status,
    },
    lose,
  );
  const allTags = fitTags([...tags, ...splitTags(ddtags)], 'ddtags', lose);
  const { tags: kept, attributes } = withReserved(normalizeTags(allTags), own, lose);
  const status = takeFirst(attributes, ['status'], parseStatus) ?? 'info';
  const known: Attributes = { ...moveToStatusCode(attributes), status };
  return {
    time,
    message: fitText(message, 'message', MAX_MESSAGE, lose),
    tags: isIncomplete() ? normalizeTags([...kept, INCOMPLETE]) : kept,
    attributes: known,
  };
}

/** Splits a log into its outer members and those of a JSON message. The caller lets outer members win. */
function unpack({ message, ddtags, ...outer }: Members, lose: ReportLoss) {
  const { ddtags: innerTags, message: innerMessage, ...inner } = membersOf(message) ?? {};
  const isText = typeof innerMessage === 'string';
  return {
    message: isText ? innerMessage : textOf(message),
    tags: [...tagsOf(ddtags), ...tagsOf(innerTags)],
    outer: normalizeMembers(outer, lose),
    inner: normalizeMembers(isText ? inner : { ...inner, message: innerMessage }, lose),
  };
}

/** Returns a message as text. A message that is an object or a list becomes JSON. */
function textOf(message: unknown): string {
  if (typeof message === 'string') return message;
  return message === undefined || message === null ? '' : JSON.stringify(message);
}

/** Returns tags from comma-separated text or from a list of texts. */
function tagsOf(ddtags: unknown): string[] {
  const texts: unknown[] = Array.isArray(ddtags) ? ddtags : [ddtags];
  return texts.slice(0, MAX_TAGS + 1).flatMap((text) => (typeof text === 'string' ? splitTags(text) : []));
}

/** Flattens members to attributes under their stored names, and extracts time and status. */
function normalizeMembers(members: Members, lose: ReportLoss) {
  const { hostname, ddsource, ...others } = flatten(members, lose);
  const attributes: Attributes = {
    ...(hostname !== undefined && { host: hostname }),
    ...(ddsource !== undefined && { source: ddsource }),
    ...others,
  };
  const time = takeFirst(attributes, ['timestamp', 'date'], timeOf);
  const status = takeFirst(attributes, ['status', 'level', 'severity'], parseStatus);
  return { time, status, attributes: moveToStatusCode(attributes) };
}

/** Returns the members of a message that is an object or the JSON text of one. */
function membersOf(message: unknown): Members | undefined {
  if (isObject(message)) return message;
  if (typeof message !== 'string' || !/^\s*\{/.test(message) || !/\}\s*$/.test(message)) return undefined;
  try {
    const parsed = parseJson(message, MESSAGE_LIMITS);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the first attribute with a readable value, and returns the value. */
function takeFirst<Value>(
  attributes: Attributes,
  names: readonly string[],
  read: (value: unknown) => Value | undefined,
): Value | undefined {
  for (const name of names) {
    const value = read(attributes[name]);
    if (value === undefined) continue;
    delete attributes[name];
    return value;
  }
  return undefined;
}

/** Moves a value of `status` that is not a log status, such as an HTTP status, to `status_code`. */
function moveToStatusCode({ status, ...others }: Attributes): Attributes {
  return status === undefined || status === '' ? others : { status_code: status, ...others };
}

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?$/i;

/** Parses a time in epoch milliseconds or ISO 8601, in UTC by default. Returns epoch milliseconds. */
function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  const [, date, time, zone = 'Z'] = ISO.exec(value) ?? [];
  if (date === undefined || time === undefined) return undefined;
  const moment = Date.parse(`${date}T${time.replace(',', '.')}${zone.replace(/(\d\d):?(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(moment) ? undefined : moment;
}
