import type { HttpLogItem } from '../../contract/logs/schema.ts';
import { DomainError } from '../errors.ts';
import { type Attributes, flatten, requireStorable } from './attributes.ts';
import { withReserved } from './reserved.ts';
import { requireWithin, type Window } from './retention.ts';
import { statusOf } from './status.ts';
import { normalizeTags, splitTags } from './tags.ts';

const MAX_TAGS = 200;

type Members = Record<string, unknown>;

/**
 * A log as it is kept. Throws `invalid`.
 *
 * @param moreTags with commas between: what all logs of the request get
 */
export function readLog(item: HttpLogItem, moreTags: string, window: Window) {
  const { message, tags: ownTags, outer, inner } = unpack(item);
  const tags = [...ownTags, ...splitTags(moreTags)];
  if (tags.length > MAX_TAGS) throw new DomainError('invalid', `ddtags: must have at most ${MAX_TAGS} tags`);
  const time = outer.time ?? inner.time ?? window.now;
  requireWithin(window, time, 'timestamp');
  requireStorable(message, 'message');
  const own = flatten({ ...inner.attributes, ...outer.attributes, status: outer.status ?? inner.status });
  const { tags: kept, attributes } = withReserved(normalizeTags(tags), own);
  const status = takeFirst(attributes, ['status'], statusOf) ?? 'info';
  const known: Attributes = { ...withoutStatus(attributes), status };
  return { time, message, tags: kept, attributes: known };
}

/** A log whose message is JSON has the members in it too; those beside it count more, whatever they are called. */
function unpack({ message, ddtags, ...outer }: HttpLogItem) {
  const { ddtags: innerTags, message: innerMessage, ...inner } = objectIn(message) ?? {};
  const isText = typeof innerMessage === 'string';
  return {
    message: isText ? innerMessage : message,
    tags: [...splitTags(ddtags), ...splitTags(typeof innerTags === 'string' ? innerTags : '')],
    outer: inOurNames(outer),
    inner: inOurNames(isText ? inner : { ...inner, message: innerMessage }),
  };
}

/** Members as attributes, without time and status, which are told beside. */
function inOurNames(members: Members) {
  const { hostname, ddsource, ...others } = flatten(members);
  const attributes: Attributes = {
    ...(hostname !== undefined && { host: hostname }),
    ...(ddsource !== undefined && { source: ddsource }),
    ...others,
  };
  const time = takeFirst(attributes, ['timestamp', 'date'], timeOf);
  const status = takeFirst(attributes, ['status', 'level', 'severity'], statusOf);
  return { time, status, attributes: withoutStatus(attributes) };
}

function objectIn(text: string): Members | undefined {
  if (!/^\s*\{/.test(text) || !/\}\s*$/.test(text)) return undefined;
  try {
    // oxlint-disable-next-line no-unsafe-type-assertion -- what begins with a brace is an object
    return JSON.parse(text) as Members;
  } catch {
    return undefined;
  }
}

/** Takes the first attribute away from which a value can be read. */
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

/** A status that is none, such as the one of a response, keeps what it says under another name. */
function withoutStatus({ status, ...others }: Attributes): Attributes {
  return status === undefined || status === '' ? others : { status_code: status, ...others };
}

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?$/i;

/** Milliseconds since the epoch, of a number of them or of a text in ISO 8601; UTC where none names another zone. */
function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  const [, date, time, zone = 'Z'] = ISO.exec(value) ?? [];
  if (date === undefined || time === undefined) return undefined;
  const moment = Date.parse(`${date}T${time.replace(',', '.')}${zone.replace(/(\d\d):?(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(moment) ? undefined : moment;
}
