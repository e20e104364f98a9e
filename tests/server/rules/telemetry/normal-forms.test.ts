import { describe, expect, it } from 'vitest';
import { flatten } from '../../../../src/rules/telemetry/attributes.ts';
import { readLog } from '../../../../src/rules/telemetry/logs.ts';
import { intakeWindow } from '../../../../src/rules/telemetry/retention.ts';
import { metricName } from '../../../../src/rules/telemetry/series.ts';
import { normalizeTags } from '../../../../src/rules/telemetry/tags.ts';

const NOW = Date.parse('2026-03-04T05:06:07.890Z');
const RETENTION = { metrics: 456, logs: 15, ci: 30 };
const WINDOW = intakeWindow('logs', RETENTION, NOW);

const deep = (levels: number): object =>
  Array.from({ length: levels }).reduce<object>((inner) => ({ a: inner }), { b: 1 });
const read = (item: Record<string, unknown>, ddtags = '') =>
  readLog({ message: 'Hello', ...item }, ddtags, WINDOW);

const numberedTags = (count: number) => Array.from({ length: count }, (_, index) => `n:${index}`).join(',');

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
    ['as deep as may be', deep(19) as Record<string, unknown>, { [`${'a.'.repeat(19)}b`]: 1 }],
  ])('are flat: %s', (_, nested, flat) => {
    expect(flatten(nested)).toEqual(flat);
  });

  it('have no members that mean something else', () => {
    const flat = flatten(
      JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}') as Record<string, unknown>,
    );
    expect(Object.entries(flat)).toEqual([
      ['__proto__.polluted', 1],
      ['constructor', 2],
    ]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['NUL', { a: { b: 'x\0' } }, 'a.b: must not contain the character NUL'],
    ['NUL in a name', { 'a\0': 1 }, 'a\ufffd: must not contain the character NUL'],
    ['half a character', { a: ['\ud800'] }, 'a: must be well-formed Unicode'],
    ['no number', { a: Infinity }, 'a: is larger than any number'],
    ['20 levels at most', deep(20) as Record<string, unknown>, 'is nested deeper than 20 levels'],
    [
      '20 lists at most',
      { a: JSON.parse(`${'['.repeat(5000)}1${']'.repeat(5000)}`) },
      'a: is nested deeper than',
    ],
    [
      'paths of 200 characters at most',
      { ['a'.repeat(150)]: { ['b'.repeat(50)]: 1 } },
      `${'a'.repeat(40)}...: is a path of more than 200`,
    ],
    [
      '256 at most',
      Object.fromEntries(Array.from({ length: 257 }, (_, index) => [`a${index}`, index])),
      'a256: is one attribute more than the 256 that may be',
    ],
  ])('have %s', (_, nested, words) => {
    expect(() => flatten(nested)).toThrow(words);
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

  it.each<[unknown, string]>([
    [NOW + 10 * 60_000 + 1, 'timestamp: must not be more than 10 minutes ahead'],
    ['2026-02-17T05:06:07Z', 'timestamp: must be within the retention of 15 days'],
    [1_700_000_000, 'timestamp: must be within the retention of 15 days'],
    [-1e300, 'timestamp: must be within the retention of 15 days'],
  ])('cannot be of %s', (timestamp, words) => {
    expect(() => read({ timestamp })).toThrow(words);
  });

  it('has 200 tags at most, with those that all get', () => {
    expect(read({ ddtags: numberedTags(100) }, numberedTags(100)).tags).toHaveLength(100);
    expect(() => read({ ddtags: numberedTags(101) }, numberedTags(100))).toThrow(
      'ddtags: must have at most 200 tags',
    );
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
