import { describe, expect, it } from 'vitest';
import { flatten } from '../../../src/rules/telemetry/attributes.ts';
import { Losses, readWhole, type LossReason, type ReportLoss } from '../../../src/rules/telemetry/losses.ts';
import { errorMessage } from '../../../src/rules/errors.ts';
import { readLog } from '../../../src/rules/telemetry/logs.ts';
import { intakeWindow } from '../../../src/rules/telemetry/retention.ts';
import { metricName } from '../../../src/rules/telemetry/series.ts';
import { normalizeTags } from '../../../src/rules/telemetry/tags.ts';

const NOW = Date.parse('2026-03-04T05:06:07.890Z');
const RETENTION = { metrics: 456, logs: 15, ci: 30 };
const WINDOW = intakeWindow('logs', RETENTION, NOW);

const deep = (levels: number): object =>
  Array.from({ length: levels }).reduce<object>((inner) => ({ a: inner }), { b: 1 });
const read = (item: Record<string, unknown>, ddtags = '') =>
  readWhole((lose) => readLog({ message: 'Hello', ...item }, { ddtags }, WINDOW, lose));

/** Reads with losses, and returns them with the result. */
function readLossy<Result>(readOne: (lose: ReportLoss) => Result) {
  const losses = new Losses();
  const result = readOne(losses.of('x'));
  const { counts, described } = losses;
  return { result, counts, texts: described.map(errorMessage) };
}
const flattenWhole = (nested: Record<string, unknown>) => readWhole((lose) => flatten(nested, lose));

const numberedTags = (count: number, key = 'n') =>
  Array.from({ length: count }, (_, index) => `${key}:${index}`).join(',');

const numbered = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, index]));

describe('tags', () => {
  it.each([
    [['env:prod'], ['env:prod']],
    [
      ['b', 'a', 'b'],
      ['a', 'b'],
    ],
    [['Env:Prod', 'env:prod'], ['env:prod']],
    [[' team:a b ', ''], ['team:a_b']],
    [
      ['path:/v1/a-b.c_d', 'x:"?\0'],
      ['path:/v1/a-b.c_d', 'x:___'],
    ],
    [
      ['stadt:Köln', 'town:東京'],
      ['stadt:köln', 'town:東京'],
    ],
    [['\ud800x'], ['_x']],
    [[`k:${'a'.repeat(300)}`], [`k:${'a'.repeat(198)}`]],
    [[`k:${'𝒳'.repeat(300)}`], [`k:${'𝒳'.repeat(198)}`]],
  ])('%j are kept as %j', (given, kept) => {
    expect(normalizeTags(given)).toEqual(kept);
  });
});

describe('a metric’s name', () => {
  it.each([
    ['system.cpu.user', 'system.cpu.user'],
    ['Http-Requests per/second', 'Http_Requests_per_second'],
    ['größe', 'gr__e'],
    ['a'.repeat(200), 'a'.repeat(200)],
  ])('%s is kept as %s', (given, kept) => {
    expect(metricName(given)).toBe(kept);
  });

  it.each(['', '1st', '_x', '.x', 'ärger', 'a'.repeat(201)])('cannot be %s', (name) => {
    expect(() => metricName(name)).toThrow(/^metric: must/);
  });
});

describe('attributes', () => {
  it.each<[string, Record<string, unknown>, object]>([
    [
      'nested',
      { http: { status_code: 500, url: { path: '/' } } },
      { 'http.status_code': 500, 'http.url.path': '/' },
    ],
    ['lists of scalars', { a: [1, 'b', null, true], b: [] }, { a: [1, 'b', true] }],
    [
      'lists of objects',
      { items: [{ id: 1, tag: 'x' }, { id: 2 }, { more: [{ y: 3 }] }] },
      { 'items.id': [1, 2], 'items.tag': ['x'], 'items.more.y': [3] },
    ],
    ['lists of lists', { a: [[1], [2, 3]] }, { a: [1, 2, 3] }],
    ['what is empty', { a: null, b: {}, c: undefined, d: '' }, { d: '' }],
    ['flat and nested', { 'a.b': 1, a: { b: 2 } }, { 'a.b': 2 }],
    [
      'as many and as long as may be',
      { a: Array.from({ length: 100 }, () => 1), b: 'x'.repeat(20_000) },
      { a: Array.from({ length: 100 }, () => 1), b: 'x'.repeat(20_000) },
    ],
    ['as deep as may be', deep(19) as Record<string, unknown>, { [`${'a.'.repeat(19)}b`]: 1 }],
  ])('are flat: %s', (_, nested, flat) => {
    expect(flattenWhole(nested)).toEqual(flat);
  });

  it('have no members that mean something else', () => {
    const flat = flattenWhole(
      JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}') as Record<string, unknown>,
    );
    expect(Object.entries(flat)).toEqual([
      ['__proto__.polluted', 1],
      ['constructor', 2],
    ]);
  });

  it.each<[string, Record<string, unknown>, object, LossReason, string]>([
    [
      'NUL',
      { a: { b: 'x\0' } },
      { 'a.b': 'x\ufffd' },
      'unstorable',
      'x.a.b: must not contain the character NUL',
    ],
    [
      'half a character',
      { a: ['\ud800'] },
      { a: ['\ufffd'] },
      'unstorable',
      'x.a: must be well-formed Unicode',
    ],
    ['an infinite number', { a: Infinity, b: 1 }, { b: 1 }, 'unstorable', 'x.a: must be a finite number'],
    ['21 levels', { ...deep(20), c: 1 }, { c: 1 }, 'too_many', 'is nested deeper than 20 levels'],
    [
      '5,000 nested lists',
      { a: JSON.parse(`${'['.repeat(5000)}1${']'.repeat(5000)}`), b: 1 },
      { b: 1 },
      'too_many',
      'x.a: is nested deeper than',
    ],
    [
      'a path of 201 characters',
      { ['a'.repeat(150)]: { ['b'.repeat(50)]: 1 }, c: 1 },
      { c: 1 },
      'too_many',
      `x.${'a'.repeat(40)}...: is a path of more than 200`,
    ],
    [
      '101 values',
      { a: Array.from({ length: 101 }, (_, index) => ({ b: index })) },
      { 'a.b': Array.from({ length: 100 }, (_, index) => index) },
      'too_many',
      'x.a.b: has more than 100 values',
    ],
    [
      '20,001 characters',
      { a: { b: 'x'.repeat(20_001) } },
      { 'a.b': 'x'.repeat(20_000) },
      'too_long',
      'x.a.b: has more than 20000 characters',
    ],
    [
      '257 members',
      numbered(257),
      numbered(256),
      'too_many',
      'x.a256: exceeds the maximum of 256 attributes',
    ],
    [
      'a service after 256 others',
      { ...numbered(256), service: 'web' },
      { ...numbered(255), service: 'web' },
      'too_many',
      'x.a255: exceeds the maximum of 256 attributes',
    ],
  ])('lose only what exceeds a limit: %s', (_, nested, kept, reason, words) => {
    const { result, counts, texts } = readLossy((lose) => flatten(nested, lose));
    expect(result).toEqual(kept);
    expect(counts).toEqual({ [reason]: 1 });
    expect(texts).toEqual([expect.stringContaining(words)]);
  });

  it('do not cut a character in two', () => {
    const { result } = readLossy((lose) => flatten({ a: `${'x'.repeat(19_999)}𝒳` }, lose));
    expect(result).toEqual({ a: `${'x'.repeat(19_999)}\ufffd` });
  });

  it('replace NUL in a name', () => {
    expect(flattenWhole({ 'a\0': 1 })).toEqual({ 'a\ufffd': 1 });
  });
});

describe('a log', () => {
  it('has what is reserved in its place', () => {
    const item = {
      service: 'web',
      hostname: 'web-1',
      ddsource: 'nginx',
      ddtags: 'env:prod, Team:Web',
      status: 'WARN',
      http: { status_code: 404 },
      none: null,
    };
    expect(read(item, 'region:eu,env:prod')).toEqual({
      time: NOW,
      message: 'Hello',
      tags: ['env:prod', 'region:eu', 'team:web'],
      attributes: { service: 'web', host: 'web-1', source: 'nginx', status: 'warn', 'http.status_code': 404 },
    });
  });

  it.each<[object, string, object]>([
    [{}, 'info', {}],
    [{ status: 'Error', level: 'debug' }, 'error', { level: 'debug' }],
    [{ level: 'Error' }, 'error', {}],
    [{ severity: 'CRITICAL' }, 'critical', {}],
    [{ status: 3 }, 'error', {}],
    [{ status: '3' }, 'error', {}],
    [{ status: 0 }, 'emergency', {}],
    [{ status: 7 }, 'debug', {}],
    [{ status: 'Emerg' }, 'emergency', {}],
    [{ level: 'FATAL' }, 'emergency', {}],
    [{ level: 'Alert' }, 'alert', {}],
    [{ level: 'crit' }, 'critical', {}],
    [{ level: ' ERR ' }, 'error', {}],
    [{ level: 'warning' }, 'warn', {}],
    [{ level: 'Note' }, 'notice', {}],
    [{ level: 'Information' }, 'info', {}],
    [{ level: 'trace' }, 'debug', {}],
    [{ level: 'verbose' }, 'debug', {}],
    [{ level: 'DBG' }, 'debug', {}],
    [{ status: 'Success' }, 'ok', {}],
    [{ status: 'OK' }, 'ok', {}],
    [{ status: 'Pending' }, 'pending', {}],
    [{ status: 200 }, 'info', { status_code: 200 }],
    [{ status: '200' }, 'info', { status_code: '200' }],
    [{ status: 200, level: 'warn' }, 'warn', { status_code: 200 }],
    [{ status: 200, status_code: 404 }, 'info', { status_code: 404 }],
    [{ status: ['error'] }, 'info', { status_code: ['error'] }],
    [{ status: { code: 5 } }, 'info', { 'status.code': 5 }],
    [{ status: '' }, 'info', {}],
    [{ level: 30 }, 'info', { level: 30 }],
    [{ status: {}, level: { name: 'x' } }, 'info', { 'level.name': 'x' }],
  ])('%j has the status %s', (item, status, others) => {
    expect(read(item as Record<string, unknown>).attributes).toEqual({ ...others, status });
  });

  it.each<[unknown, string]>([
    ['2026-03-04T05:00:00Z', '2026-03-04T05:00:00.000Z'],
    ['2026-03-04T06:00:00.123456+01:00', '2026-03-04T05:00:00.123Z'],
    ['2026-03-04T06:00:00+0100', '2026-03-04T05:00:00.000Z'],
    ['2026-03-04 05:00:00,5', '2026-03-04T05:00:00.500Z'],
    [NOW - 1000, '2026-03-04T05:06:06.890Z'],
    [String(NOW - 1000), '2026-03-04T05:06:06.890Z'],
    [NOW + 10 * 60_000, '2026-03-04T05:16:07.890Z'],
    ['yesterday', new Date(NOW).toISOString()],
    [undefined, new Date(NOW).toISOString()],
  ])('of %s has the time %s', (timestamp, time) => {
    expect(new Date(read({ timestamp }).time).toISOString()).toBe(time);
    expect(new Date(read({ date: timestamp }).time).toISOString()).toBe(time);
  });

  it.each<[unknown, LossReason, string]>([
    [NOW + 10 * 60_000 + 1, 'too_new', 'x.timestamp: must not be more than 10 minutes ahead'],
    ['2026-02-17T05:06:07Z', 'too_old', 'x.timestamp: must be within the retention of 15 days'],
    [1_700_000_000, 'too_old', 'x.timestamp: must be within the retention of 15 days'],
    [-1e300, 'too_old', 'x.timestamp: must be within the retention of 15 days'],
  ])('of %s is dropped', (timestamp, reason, words) => {
    expect(readLossy((lose) => readLog({ message: 'x', timestamp }, {}, WINDOW, lose))).toEqual({
      result: undefined,
      counts: { [reason]: 1 },
      texts: [words],
    });
  });

  it('has 200 tags at most, its own first', () => {
    expect(read({ ddtags: numberedTags(100) }, numberedTags(100)).tags).toHaveLength(100);
    const { result, texts } = readLossy((lose) =>
      readLog({ message: 'x', ddtags: numberedTags(150) }, { ddtags: numberedTags(100, 'm') }, WINDOW, lose),
    );
    expect(result?.tags).toHaveLength(201);
    expect(result?.tags).toContain('incomplete:true');
    expect(result?.tags).toContain('n:149');
    expect(texts).toEqual(['x.ddtags: has more than 200 tags']);
  });

  it.each<[unknown, string, object]>([
    [{ text: 'x', n: 1 }, '{"text":"x","n":1}', { text: 'x', n: 1 }],
    [{ message: 'Inner', n: 1 }, 'Inner', { n: 1 }],
    [undefined, '', {}],
    [null, '', {}],
    [17, '17', {}],
    [true, 'true', {}],
    [['a', 'b'], '["a","b"]', {}],
  ])('with the message %j has the message %s', (message, text, attributes) => {
    expect(read({ message })).toMatchObject({ message: text, attributes: { ...attributes, status: 'info' } });
  });

  it('has the tags of a list', () => {
    expect(read({ ddtags: ['env:prod', 'a:1,b:2', 7] }).tags).toEqual(['a:1', 'b:2', 'env:prod']);
  });

  it('has the members of the request unless it has its own', () => {
    const defaults = { ddsource: 'nginx', service: 'shop', hostname: 'web-1', ddtags: 'env:prod' };
    const readWith = (item: object) =>
      readWhole((lose) => readLog({ message: 'x', ...item }, defaults, WINDOW, lose));
    expect(readWith({}).attributes).toEqual({
      source: 'nginx',
      service: 'shop',
      host: 'web-1',
      status: 'info',
    });
    expect(readWith({ service: 'own', message: '{"host":"inner"}' }).attributes).toEqual({
      source: 'nginx',
      service: 'own',
      host: 'inner',
      status: 'info',
    });
  });

  it('has a message of a million characters at most', () => {
    const { result, counts } = readLossy((lose) =>
      readLog({ message: `${'x'.repeat(1_000_000)}\0` }, {}, WINDOW, lose),
    );
    expect(result?.message).toBe('x'.repeat(1_000_000));
    expect(counts).toEqual({ too_long: 1, unstorable: 1 });
  });

  it('whose JSON message has too many members is text', () => {
    const message = JSON.stringify({ a: Array.from({ length: 10_001 }, () => 1) });
    expect(read({ message }).attributes).toEqual({ status: 'info' });
  });

  it('whose message is JSON has what is in it', () => {
    const inner = {
      message: 'Paid',
      level: 'ERROR',
      service: 'inner',
      ddtags: 'a:1',
      user: { id: 7 },
      timestamp: NOW - 5000,
    };
    expect(read({ message: ` ${JSON.stringify(inner)}\n`, service: 'outer', ddtags: 'b:2' })).toEqual({
      time: NOW - 5000,
      message: 'Paid',
      tags: ['a:1', 'b:2'],
      attributes: { service: 'outer', status: 'error', 'user.id': 7 },
    });
  });

  it.each<[string, object, object, object]>([
    ['host', { hostname: 'outer' }, { host: 'inner' }, { host: 'outer' }],
    ['host', { host: 'outer' }, { hostname: 'inner' }, { host: 'outer' }],
    ['source', { ddsource: 'outer' }, { source: 'inner' }, { source: 'outer' }],
    ['source', { source: 'outer' }, { ddsource: 'inner' }, { source: 'outer' }],
    ['status', { level: 'warn' }, { status: 'error' }, { status: 'warn' }],
    ['service', { service: null }, { service: 'inner' }, { service: 'inner' }],
    ['path', { a: { b: 'outer' } }, { a: {}, 'a.b': 'inner' }, { 'a.b': 'outer' }],
    ['path', { host: 'outer' }, { '': { host: 'inner' } }, { host: 'outer' }],
    ['both', { hostname: 'outer', host: { id: 1 } }, {}, { host: 'outer', 'host.id': 1 }],
  ])('has the %s of %j rather than of %j in its message', (_, outer, inner, attributes) => {
    expect(read({ ...outer, message: JSON.stringify({ ...inner, message: 'x' }) }).attributes).toEqual({
      status: 'info',
      ...attributes,
    });
  });

  it('has the time beside its message rather than the one in it', () => {
    const message = JSON.stringify({ timestamp: NOW - 1000 });
    expect(read({ message, date: NOW - 5000 })).toMatchObject({
      time: NOW - 5000,
      attributes: { status: 'info' },
    });
  });

  it.each<[string, object, object, string[]]>([
    ['service:payroll,env:prod', {}, { service: 'payroll' }, ['env:prod']],
    ['service:payroll', { service: 'payroll' }, { service: 'payroll' }, []],
    ['service:payroll', { service: 'web' }, { service: ['web', 'payroll'] }, []],
    ['Service:Payroll', { service: ['web', 'Payroll'] }, { service: ['web', 'Payroll', 'payroll'] }, []],
    ['host:a,host:b', {}, { host: ['a', 'b'] }, []],
    ['source:x', { ddsource: 'y' }, { source: ['y', 'x'] }, []],
    ['trace_id:7', { trace_id: 7 }, { trace_id: 7 }, []],
    ['status:err', {}, { status: 'error' }, []],
    ['status:error', { status: 'warn' }, { status: 'warn' }, []],
    ['status:error', { level: 'debug' }, { status: 'debug' }, []],
    ['status:200', {}, { status_code: '200' }, []],
    ['service', {}, {}, ['service']],
    ['service:,services:x', {}, {}, ['services:x']],
  ])('tagged %s has one truth with what %j says', (ddtags, item, attributes, tags) => {
    expect(read({ ...item, ddtags })).toMatchObject({ tags });
    expect(read({ ...item }, ddtags).attributes).toEqual({ status: 'info', ...attributes });
  });

  it('has as many services as a list may have values, whatever its tags say', () => {
    expect(read({ ddtags: numberedTags(100, 'service') }).attributes['service']).toHaveLength(100);
    const { result, counts } = readLossy((lose) =>
      readLog({ message: 'x', ddtags: numberedTags(101, 'service') }, {}, WINDOW, lose),
    );
    expect(result?.attributes['service']).toHaveLength(100);
    expect(counts).toEqual({ too_many: 1 });
  });

  it.each<[string, string, object]>([
    ['{"user":1}', '{"user":1}', { user: 1 }],
    ['{"message":{"text":"x"}}', '{"message":{"text":"x"}}', { 'message.text': 'x' }],
    ['[1]', '[1]', {}],
    ['{not json}', '{not json}', {}],
    ['{"service":5,"hostname":"h"}', '{"service":5,"hostname":"h"}', { service: 5, host: 'h' }],
  ])('%s has the message %s', (message, kept, attributes) => {
    expect(read({ message })).toMatchObject({ message: kept, attributes: { status: 'info', ...attributes } });
  });
});
