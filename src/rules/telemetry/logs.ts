import type { HttpLogItem } from '../../contract/logs.schema.ts';
import { DomainError } from '../errors.ts';
import { flatten, requireStorable } from './attributes.ts';
import { requireWithin, type Window } from './retention.ts';
import { normalizeTags, splitTags } from './tags.ts';

const MAX_TAGS = 200;

type Members = Record<string, unknown>;

/**
 * A log as it is kept. Throws `invalid`.
 *
 * @param moreTags with commas between: what all logs of the request get
 */
export function readLog(item: HttpLogItem, moreTags: string, window: Window) {
  const { message, tags: ownTags, members } = unpack(item);
  const tags = [...ownTags, ...splitTags(moreTags)];
  if (tags.length > MAX_TAGS) throw new DomainError('invalid', `ddtags: must have at most ${MAX_TAGS} tags`);
  const time = takeFirst(members, ['timestamp', 'date'], timeOf) ?? window.now;
  requireWithin(window, time, 'timestamp');
  requireStorable(message, 'message');
  const status = takeFirst(members, ['status', 'level', 'severity'], statusOf) ?? 'info';
  return {
    time,
    message,
    tags: normalizeTags(tags),
    attributes: flatten({
      ...renamed(members, 'hostname', 'host'),
      ...renamed(members, 'ddsource', 'source'),
      ...members,
      status,
    }),
  };
}

/** A log whose message is JSON has the members in it too; those beside it count more. */
function unpack({ message, ...outer }: HttpLogItem) {
  const { ddtags: innerTags, message: innerMessage, ...inner } = objectIn(message) ?? {};
  const { ddtags, ...members } = outer;
  const isText = typeof innerMessage === 'string';
  return {
    message: isText ? innerMessage : message,
    tags: [...splitTags(ddtags), ...splitTags(typeof innerTags === 'string' ? innerTags : '')],
    members: { ...inner, ...(!isText && { message: innerMessage }), ...members } as Members,
  };
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

/** Takes a member away; what is left stays under its other name. */
function renamed(members: Members, from: string, to: string): Members {
  const { [from]: value } = members;
  delete members[from];
  return { [to]: value };
}

/** Takes the first member away from which a value can be read. */
function takeFirst<Value>(
  members: Members,
  names: readonly string[],
  read: (value: unknown) => Value | undefined,
): Value | undefined {
  for (const name of names) {
    const value = read(members[name]);
    if (value === undefined) continue;
    delete members[name];
    return value;
  }
  return undefined;
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

const SYSLOG = ['emergency', 'alert', 'critical', 'error', 'warn', 'notice', 'info', 'debug'];

/** A status in lower case, or by its number in syslog. */
function statusOf(value: unknown): string | undefined {
  if (typeof value === 'number') return SYSLOG[value];
  return typeof value === 'string' && value.trim() !== '' ? value.trim().toLowerCase() : undefined;
}
