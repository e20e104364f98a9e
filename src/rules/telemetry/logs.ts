import type { HttpLogItem } from '../../contract/logs/schema.ts';
import { invalidField } from '../errors.ts';
import { type Attributes, flatten, requireStorable } from './attributes.ts';
import { withReserved } from './reserved.ts';
import { requireWithin, type Window } from './retention.ts';
import { parseStatus } from './status.ts';
import { normalizeTags, splitTags } from './tags.ts';

const MAX_TAGS = 200;

type Members = Record<string, unknown>;

/**
 * Converts a log to a stored event. Throws `invalid`.
 *
 * @param moreTags comma-separated tags that apply to all logs of the request
 */
export function readLog(item: HttpLogItem, moreTags: string, window: Window) {
  const { message, tags: ownTags, outer, inner } = unpack(item);
  const tags = [...ownTags, ...splitTags(moreTags)];
  if (tags.length > MAX_TAGS) throw invalidField('ddtags', `must have at most ${MAX_TAGS} tags`);
  const time = outer.time ?? inner.time ?? window.now;
  requireWithin(window, time, 'timestamp');
  requireStorable(message, 'message');
  const own = flatten({ ...inner.attributes, ...outer.attributes, status: outer.status ?? inner.status });
  const { tags: kept, attributes } = withReserved(normalizeTags(tags), own);
  const status = takeFirst(attributes, ['status'], parseStatus) ?? 'info';
  const known: Attributes = { ...moveToStatusCode(attributes), status };
  return { time, message, tags: kept, attributes: known };
}

/** Splits a log into its outer members and those of a JSON message. The caller lets outer members win. */
function unpack({ message, ddtags, ...outer }: HttpLogItem) {
  const { ddtags: innerTags, message: innerMessage, ...inner } = tryParseObject(message) ?? {};
  const isText = typeof innerMessage === 'string';
  return {
    message: isText ? innerMessage : message,
    tags: [...splitTags(ddtags), ...splitTags(typeof innerTags === 'string' ? innerTags : '')],
    outer: normalizeMembers(outer),
    inner: normalizeMembers(isText ? inner : { ...inner, message: innerMessage }),
  };
}

/** Flattens members to attributes under their stored names, and extracts time and status. */
function normalizeMembers(members: Members) {
  const { hostname, ddsource, ...others } = flatten(members);
  const attributes: Attributes = {
    ...(hostname !== undefined && { host: hostname }),
    ...(ddsource !== undefined && { source: ddsource }),
    ...others,
  };
  const time = takeFirst(attributes, ['timestamp', 'date'], timeOf);
  const status = takeFirst(attributes, ['status', 'level', 'severity'], parseStatus);
  return { time, status, attributes: moveToStatusCode(attributes) };
}

function tryParseObject(text: string): Members | undefined {
  if (!/^\s*\{/.test(text) || !/\}\s*$/.test(text)) return undefined;
  try {
    // oxlint-disable-next-line no-unsafe-type-assertion -- JSON that begins with a brace is an object
    return JSON.parse(text) as Members;
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
