import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AGGREGATORS,
  type MetricSelector,
  type MetricsQuery,
  parseMetricsQuery,
  printMetricsQuery,
} from '../../src/query/metrics-query.ts';
import { parseTagFilter, printTagFilter, type TagFilter } from '../../src/query/tag-filter.ts';
import { expressionsOver, filtersOver, hostileTexts, patterns, words } from './arbitrary.ts';
import { syntaxErrorIn } from './syntax-error-in.ts';

const ALL: TagFilter = { kind: 'all' };
const tag = (pattern: string): TagFilter => ({ kind: 'tag', pattern });
const not = (of: TagFilter): TagFilter => ({ kind: 'not', of });
const and = (...of: TagFilter[]): TagFilter => ({ kind: 'and', of });
const or = (...of: TagFilter[]): TagFilter => ({ kind: 'or', of });
const selector = (metric: string, rest: Partial<MetricSelector> = {}): MetricsQuery => ({
  kind: 'leaf',
  leaf: { aggregator: 'avg', metric, scope: ALL, by: [], ...rest },
});

describe('a metrics query', () => {
  it.each<[string, string, MetricsQuery]>([
    ['is of a metric', 'avg:system.load{*}', selector('system.load')],
    ['adds series up', 'sum:a{*}', selector('a', { aggregator: 'sum' })],
    ['takes the least', 'min:a{*}', selector('a', { aggregator: 'min' })],
    ['takes the most', 'max:a{*}', selector('a', { aggregator: 'max' })],
    ['counts', 'count:a{*}', selector('a', { aggregator: 'count' })],
    ['takes the average unless it says otherwise', 'system.load{*}', selector('system.load')],
    ['may be of a metric like an aggregator', 'sum{*}', selector('sum')],
    ['keeps the case of the metric', 'avg:Load_1{*}', selector('Load_1')],
    ['has a scope', 'avg:a{env:prod}', selector('a', { scope: tag('env:prod') })],
    ['is grouped', 'avg:a{*} by {host}', selector('a', { by: ['host'] })],
    ['is grouped by several', 'avg:a{*} by {host, env}', selector('a', { by: ['host', 'env'] })],
    ['is grouped by a key once', 'avg:a{*}by{host,Host}', selector('a', { by: ['host'] })],
    ['is a count', 'avg:a{*}.as_count()', selector('a', { as: 'count' })],
    ['is a rate', 'avg:a{*}.as_rate()', selector('a', { as: 'rate' })],
    ['is rolled up', 'avg:a{*}.rollup(max)', selector('a', { rollup: { method: 'max' } })],
    ['is rolled up over seconds', 'avg:a{*}.rollup(60)', selector('a', { rollup: { seconds: 60 } })],
    [
      'is rolled up in a way over seconds',
      'avg:a{*}.rollup(sum, 60)',
      selector('a', { rollup: { method: 'sum', seconds: 60 } }),
    ],
    [
      'is filled up for five minutes',
      'avg:a{*}.fill(zero)',
      selector('a', { fill: { method: 'zero', seconds: 300 } }),
    ],
    [
      'is filled up for as long as it says',
      'avg:a{*}.fill(last, 600)',
      selector('a', { fill: { method: 'last', seconds: 600 } }),
    ],
    ['is not filled up', 'avg:a{*}.fill(null)', selector('a', { fill: { method: 'null', seconds: 300 } })],
    [
      'has modifiers in any order after its groups',
      'sum:a{*} by {host}.fill(linear).rollup(60).as_count()',
      selector('a', {
        aggregator: 'sum',
        by: ['host'],
        as: 'count',
        rollup: { seconds: 60 },
        fill: { method: 'linear', seconds: 300 },
      }),
    ],
    [
      'does arithmetic',
      'sum:a{*}.as_count() / sum:b{*}.as_count() * 100',
      {
        kind: 'binary',
        operator: '*',
        left: {
          kind: 'binary',
          operator: '/',
          left: selector('a', { aggregator: 'sum', as: 'count' }),
          right: selector('b', { aggregator: 'sum', as: 'count' }),
        },
        right: { kind: 'number', value: 100 },
      },
    ],
    ['calls functions', 'abs(avg:a{*})', { kind: 'call', name: 'abs', of: selector('a'), parameters: [] }],
    [
      'calls functions with parameters',
      "top(avg:a{*} by {host}, 5, 'mean', 'desc')",
      { kind: 'call', name: 'top', of: selector('a', { by: ['host'] }), parameters: [5, 'mean', 'desc'] },
    ],
    [
      'looks back',
      'hour_before(avg:a{*})',
      { kind: 'call', name: 'hour_before', of: selector('a'), parameters: [] },
    ],
  ])('%s: %s', (_, text, query) => {
    expect(parseMetricsQuery(text)).toEqual(query);
    expect(parseMetricsQuery(printMetricsQuery(query))).toEqual(query);
  });

  it.each<[string, number, string]>([
    ['', 1, 'expected a metric, a number or a function, found the end'],
    ['avg:', 5, 'expected a metric, found the end'],
    ['p95:a{*}', 1, 'expected avg, sum, min, max or count, found "p95"'],
    ['avg:a', 6, 'expected a scope in braces, found the end'],
    ['avg:a by {host}', 7, 'expected a scope in braces, found "by"'],
    ['avg:a{}', 7, 'expected a tag or *, found "}"'],
    ['avg:a{env:prod by {host}', 16, 'expected a closing brace, found "by"'],
    ['avg:a{env:prod,}', 16, 'expected a tag or *, found "}"'],
    ['avg:a{@env:prod}', 7, 'expected a tag or *, found "@"'],
    ['avg:a{*} by host', 13, 'expected an opening brace, found "host"'],
    ['avg:a{*} by {}', 14, 'expected the key of a tag, found "}"'],
    ['avg:a{*} by {*}', 14, 'expected the key of a tag, found "*"'],
    ['avg:a{*} by {host', 18, 'expected a comma or a closing brace, found the end'],
    ['avg:a{*}.as_count() by {host}', 21, 'expected an operator or the end, found "by"'],
    ['avg:a{*}.', 10, 'expected as_count, as_rate, rollup or fill, found the end'],
    ['avg:a{*}.median()', 10, 'expected as_count, as_rate, rollup or fill, found "median"'],
    ['avg:a{*}.as_count', 18, 'expected an opening parenthesis, found the end'],
    ['avg:a{*}.as_count(1)', 19, 'expected a closing parenthesis, found "1"'],
    ['avg:a{*}.as_count().as_count()', 21, 'as_count or as_rate is there already'],
    ['avg:a{*}.as_count().as_rate()', 21, 'as_count or as_rate is there already'],
    ['avg:a{*}.rollup(60).rollup(60)', 21, 'rollup is there already'],
    ['avg:a{*}.fill(zero).fill(zero)', 21, 'fill is there already'],
    [
      'avg:a{*}.rollup()',
      17,
      'expected avg, sum, min, max or count, or a number of seconds from 1 to 315360000, found ")"',
    ],
    [
      'avg:a{*}.rollup(maximum)',
      17,
      'expected avg, sum, min, max or count, or a number of seconds from 1 to 315360000, found "maximum"',
    ],
    ['avg:a{*}.rollup(max,', 21, 'expected a number of seconds from 1 to 315360000, found the end'],
    ['avg:a{*}.rollup(max, 0)', 22, 'expected a number of seconds from 1 to 315360000, found "0"'],
    ['avg:a{*}.rollup(max, 1.5)', 22, 'expected a number of seconds from 1 to 315360000, found "1.5"'],
    ['avg:a{*}.fill()', 15, 'expected null, zero, linear or last, found ")"'],
    ['avg:a{*}.fill(60)', 15, 'expected null, zero, linear or last, found "60"'],
    ['avg:a{*}.fill(zero, 601)', 21, 'expected a number of seconds from 1 to 600, found "601"'],
    ['avg(avg:a{*})', 1, 'unknown function "avg"'],
    ['top(avg:a{*})', 13, 'expected the count of top, a positive whole number, found ")"'],
    ['avg:a{*} b', 10, 'expected an operator or the end, found "b"'],
  ])('says where it is wrong, and what would be right: %s', (text, position, message) => {
    expect(syntaxErrorIn(parseMetricsQuery, text)).toEqual([position, message]);
  });

  it.each([
    ['a{*}', 'avg:a{*}'],
    [
      'sum:a{env:prod,!host:b} by {x,y}.fill(zero).rollup(sum,60).as_count()',
      'sum:a{env:prod AND !host:b} by {x, y}.as_count().rollup(sum, 60).fill(zero, 300)',
    ],
    ['abs( a{*}-b{*} )', 'abs(avg:a{*} - avg:b{*})'],
  ])('prints %s as %s', (text, printed) => {
    expect(printMetricsQuery(parseMetricsQuery(text))).toBe(printed);
  });

  it('means the same after it was printed', () => {
    fc.assert(
      fc.property(expressionsOver(selectors), (query) => {
        expect(parseMetricsQuery(printMetricsQuery(query))).toEqual(query);
      }),
      { numRuns: 1000 },
    );
  });

  it('has nothing worse than a mistake, whatever it says', () => {
    fc.assert(
      fc.property(hostileTexts, (text) => {
        syntaxErrorIn(parseMetricsQuery, text);
        syntaxErrorIn(parseMetricsQuery, `avg:a{${text}} by {${text}}`);
        syntaxErrorIn(parseMetricsQuery, `avg:a{*}.${text}`);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a scope', () => {
  it.each<[string, string, TagFilter]>([
    ['takes everything', '*', ALL],
    ['takes a tag', 'env:prod', tag('env:prod')],
    ['takes a tag without a value', 'canary', tag('canary')],
    ['knows tags in lower case', 'Env:PROD', tag('env:prod')],
    ['takes values with colons, slashes and the like', 'image:a.io/b-c_d:1', tag('image:a.io/b-c_d:1')],
    ['takes letters of any script', 'город:Тверь', tag('город:тверь')],
    ['takes what begins or ends alike', 'host:web-*', tag('host:web-*')],
    ['takes any one character', 'host:web-?', tag('host:web-?')],
    ['takes a real asterisk after a backslash', String.raw`host:\*`, tag(String.raw`host:\*`)],
    ['takes any character after a backslash', String.raw`team:a\ b`, tag('team:a b')],
    ['leaves a tag out', '!env:prod', not(tag('env:prod'))],
    ['leaves a tag out by a word', 'NOT env:prod', not(tag('env:prod'))],
    ['leaves out twice', 'NOT !env:prod', not(not(tag('env:prod')))],
    ['leaves everything out', '!*', not(ALL)],
    ['wants all after commas', 'a:1,b:2 , c', and(tag('a:1'), tag('b:2'), tag('c'))],
    ['wants all', 'a:1 AND b:2', and(tag('a:1'), tag('b:2'))],
    ['wants any', 'a:1 OR b:2', or(tag('a:1'), tag('b:2'))],
    ['knows words in lower case', 'not a or b and c', or(not(tag('a')), and(tag('b'), tag('c')))],
    ['reads commas last', 'a, b OR c', and(tag('a'), or(tag('b'), tag('c')))],
    ['reads first what is in parentheses', '(a OR b) AND c', and(or(tag('a'), tag('b')), tag('c'))],
    ['leaves groups out', '!(a OR b)', not(or(tag('a'), tag('b')))],
    ['makes one group of groups alike', 'a AND (b AND (c, d))', and(tag('a'), tag('b'), tag('c'), tag('d'))],
    ['drops what says nothing', '*,env:prod', tag('env:prod')],
    ['is everything if it wants anything', '* OR env:prod', ALL],
    ['wants one of several values', 'Env IN (prod, Dev-*)', or(tag('env:prod'), tag('env:dev-*'))],
    ['wants the only one of several values', 'env in (prod)', tag('env:prod')],
    ['leaves several values out', 'env NOT IN (a,b)', not(or(tag('env:a'), tag('env:b')))],
    ['wants several values and more', 'a IN (1, 2), b', and(or(tag('a:1'), tag('a:2')), tag('b'))],
    ['has keys that look like words', 'or:1 AND \\and', and(tag('or:1'), tag('and'))],
    ['has keys that begin like words', 'order AND inn', and(tag('order'), tag('inn'))],
    ['may have an @ before a key where data access has it', '@team:x', tag('team:x')],
    ['may have it before several values', '!@team IN (x)', not(tag('team:x'))],
  ])('%s: %s', (_, text, filter) => {
    expect(parseTagFilter(text)).toEqual(filter);
    expect(parseTagFilter(printTagFilter(filter))).toEqual(filter);
  });

  it.each<[string, number, string]>([
    ['', 1, 'expected a tag or *, found the end'],
    ['a:1 b:2', 5, 'expected a comma, AND, OR or the end, found "b"'],
    ['a AND', 6, 'expected a tag or *, found the end'],
    ['a AND OR b', 7, 'expected a tag or *, found "OR"'],
    ['IN (a)', 1, 'expected a tag or *, found "IN"'],
    ['(a', 3, 'expected a closing parenthesis, found the end'],
    ['a IN ()', 7, 'expected a value, found ")"'],
    ['a IN (b', 8, 'expected a comma or a closing parenthesis, found the end'],
    ['a IN b', 3, 'expected a comma, AND, OR or the end, found "IN"'],
    ['@ team:x', 1, 'expected a tag or *, found "@"'],
  ])('says where it is wrong, and what would be right: %s', (text, position, message) => {
    expect(syntaxErrorIn(parseTagFilter, text)).toEqual([position, message]);
  });

  it('means the same after it was printed', () => {
    fc.assert(
      fc.property(scopes, (filter) => {
        expect(parseTagFilter(printTagFilter(filter))).toEqual(filter);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['many signs', '!'.repeat(5000)],
    ['many parentheses', '('.repeat(5000)],
  ])('cannot do harm with %s', (_, text) => {
    expect(syntaxErrorIn(parseTagFilter, text)).toEqual([102, 'nested too deep']);
  });

  it.each<[string, string, number, string]>([
    ['many wildcards', `a,${'b*'.repeat(11)}`, 3, 'more than 10 wildcards'],
    ['many conditions', Array.from({ length: 201 }, () => 'a').join(), 401, 'more than 200 conditions'],
  ])('cannot do harm with %s', (_, text, position, message) => {
    expect(syntaxErrorIn(parseTagFilter, text)).toEqual([position, message]);
  });

  it('cannot be grouped by more than 20 keys', () => {
    const keys = Array.from({ length: 21 }, (_, index) => `k${index}`);
    expect(syntaxErrorIn(parseMetricsQuery, `avg:a{*} by {${keys.join()}}`)?.[1]).toBe('more than 20 keys');
    expect(syntaxErrorIn(parseMetricsQuery, `avg:a{*} by {${keys.slice(1).join()}}`)).toBeUndefined();
  });

  it('finds any tag that is written as a pattern of just that', () => {
    fc.assert(
      fc.property(words, (text) => {
        const filter = tag(text.toLowerCase().replaceAll(/[\\*?]/g, String.raw`\$&`));
        expect(parseTagFilter(printTagFilter(filter))).toEqual(filter);
      }),
    );
  });

  it('has nothing worse than a mistake, whatever it says', () => {
    fc.assert(
      fc.property(hostileTexts, (text) => {
        syntaxErrorIn(parseTagFilter, text);
      }),
      { numRuns: 2000 },
    );
  });
});

const scopes = filtersOver(
  patterns
    .filter((pattern) => pattern !== '*')
    .map((pattern) => ({ kind: 'tag' as const, pattern: pattern.toLowerCase() })),
);
const selectors: fc.Arbitrary<MetricSelector> = fc.record(
  {
    aggregator: fc.constantFrom(...AGGREGATORS),
    metric: fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.]{0,6}$/),
    scope: scopes,
    by: fc.uniqueArray(fc.stringMatching(/^[a-zé0-9_./-]{1,4}$/), { maxLength: 3 }),
    as: fc.constantFrom('count', 'rate'),
    rollup: fc.oneof(
      fc.record({ method: fc.constantFrom(...AGGREGATORS) }),
      fc.record({ seconds: fc.integer({ min: 1, max: 100_000 }) }),
      fc.record({ method: fc.constantFrom(...AGGREGATORS), seconds: fc.integer({ min: 1, max: 100_000 }) }),
    ),
    fill: fc.record({
      method: fc.constantFrom('null', 'zero', 'linear', 'last'),
      seconds: fc.integer({ min: 1, max: 600 }),
    }),
  },
  { requiredKeys: ['aggregator', 'metric', 'scope', 'by'] },
);
