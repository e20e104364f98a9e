import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventFilter, parseEventsSearch, printEventsSearch } from '../../src/query/events-search.ts';
import { type Facet, parseFacet, printFacet, RESERVED_ATTRIBUTES } from '../../src/query/facet.ts';
import { filtersOver, hostileTexts, patterns, words } from './arbitrary.ts';
import { syntaxErrorIn } from './syntax-error-in.ts';

const ALL: EventFilter = { kind: 'all' };
const text = (...found: string[]): EventFilter => ({ kind: 'text', words: found });
const attribute = (name: string): Facet => ({ kind: 'attribute', name });
const tag = (name: string): Facet => ({ kind: 'tag', name });
const is = (facet: Facet, pattern: string): EventFilter => ({ kind: 'facet', facet, pattern });
type Bound = NonNullable<Extract<EventFilter, { kind: 'range' }>['from']>;

const range = (facet: Facet, ends: { from?: Bound; to?: Bound }): EventFilter => ({
  kind: 'range',
  facet,
  ...ends,
});
const including = (value: number): Bound => ({ value, inclusive: true });
const excluding = (value: number): Bound => ({ value, inclusive: false });
const not = (of: EventFilter): EventFilter => ({ kind: 'not', of });
const and = (...of: EventFilter[]): EventFilter => ({ kind: 'and', of });
const or = (...of: EventFilter[]): EventFilter => ({ kind: 'or', of });

const A = attribute('a');
const SERVICE = attribute('service');

describe('a search for events', () => {
  it.each<[string, string, EventFilter]>([
    ['finds everything without text', '', ALL],
    ['finds everything without more than space', ' \n', ALL],
    ['finds everything', '*', ALL],
    ['finds a word', 'Timeout', text('Timeout')],
    ['finds a word with a hyphen', 'web-1', text('web-1')],
    ['finds words that begin alike', 'time*', text('time*')],
    ['finds words but for a letter', 'gr?y', text('gr?y')],
    ['finds a real asterisk', String.raw`5\*3`, text(String.raw`5\*3`)],
    ['finds special characters after a backslash', String.raw`\-a\:b\(c\)`, text('-a:b(c)')],
    ['finds words next to one another', '"health check"', text('health', 'check')],
    ['finds words with whatever space between', '" health\n check "', text('health', 'check')],
    ['finds words next to one another that begin alike', String.raw`heal*\ check`, text('heal*', 'check')],
    ['finds quotes', String.raw`"say \"hi\""`, text('say', '"hi"')],
    ['has no wildcards in quotes', '"a*"', text(String.raw`a\*`)],
    ['has no operators in quotes', '"a OR b"', text('a', 'OR', 'b')],
    ['finds everything with nothing in quotes', '""', ALL],
    ['finds operators in quotes', '"AND"', text('AND')],
    ['knows operators in upper case only', 'this or that', and(text('this'), text('or'), text('that'))],

    ['finds a word anywhere', '*:timeout', { kind: 'anywhere', words: ['timeout'] }],
    ['finds a phrase anywhere', '*:"health check"', { kind: 'anywhere', words: ['health', 'check'] }],
    [
      'finds one of several words anywhere',
      '*:(a OR b*)',
      or({ kind: 'anywhere', words: ['a'] }, { kind: 'anywhere', words: ['b*'] }),
    ],
    ['finds everything with any value anywhere', '*:*', ALL],
    ['finds attributes', '@http.status_code:500', is(attribute('http.status_code'), '500')],
    ['finds attributes whatever their path', '@a/b-c_d.é:x', is(attribute('a/b-c_d.é'), 'x')],
    ['finds attributes with a backslash in their path', String.raw`@a\:b:x`, is(attribute('a:b'), 'x')],
    ['finds tags', 'env:prod', is(tag('env'), 'prod')],
    ['finds reserved attributes', 'service:web', is(SERVICE, 'web')],
    ['finds reserved attributes with an @', '@service:web', is(SERVICE, 'web')],
    ['finds values that begin alike', 'host:web-*', is(attribute('host'), 'web-*')],
    ['finds quoted values', '@a:"b c"', is(A, 'b c')],
    ['has no wildcards in quoted values', '@a:"b*"', is(A, String.raw`b\*`)],
    ['finds no value at all', '@a:""', is(A, '')],
    ['finds values with special characters', String.raw`@a:b\ c\(d\)`, is(A, 'b c(d)')],
    ['finds values with colons', '@url:https://a.b/c?d', is(attribute('url'), 'https://a.b/c?d')],
    ['finds negative numbers', '@a:-5', is(A, '-5')],
    ['finds whatever has an attribute', '@a:*', is(A, '*')],

    ['finds numbers in a range', '@a:[1 TO 5]', range(A, { from: including(1), to: including(5) })],
    ['finds numbers between bounds', '@a:{1 TO 5}', range(A, { from: excluding(1), to: excluding(5) })],
    ['finds a bound and not the other', '@a:[1 TO 5}', range(A, { from: including(1), to: excluding(5) })],
    ['finds the other bound', '@a:{-1.5 TO 5]', range(A, { from: excluding(-1.5), to: including(5) })],
    ['finds numbers from a bound', '@a:[1 TO *]', range(A, { from: including(1) })],
    ['finds numbers up to a bound', '@a:[* TO 5}', range(A, { to: excluding(5) })],
    ['finds any number', '@a:[* TO *]', range(A, {})],
    ['finds greater numbers', '@a:>5', range(A, { from: excluding(5) })],
    ['finds numbers from one on', '@a:>=-5', range(A, { from: including(-5) })],
    ['finds lesser numbers', '@a:<1e3', range(A, { to: excluding(1000) })],
    ['finds numbers up to one', '@a:<=0.5', range(A, { to: including(0.5) })],
    ['finds numbers of tags', 'shard:>5', range(tag('shard'), { from: excluding(5) })],

    ['finds one of several values', 'service:(web OR api)', or(is(SERVICE, 'web'), is(SERVICE, 'api'))],
    ['finds all of several values', 'env:(a b)', and(is(tag('env'), 'a'), is(tag('env'), 'b'))],
    [
      'finds values but for some',
      '@a:(>5 AND -(7 OR "8 9"))',
      and(range(A, { from: excluding(5) }), not(or(is(A, '7'), is(A, '8 9')))),
    ],
    ['finds a value in a list', 'service IN (web, "a, b")', or(is(SERVICE, 'web'), is(SERVICE, 'a, b'))],
    ['finds the only value in a list', '@a IN (1)', is(A, '1')],
    ['finds no value in a list', '@a NOT IN (1,2)', not(or(is(A, '1'), is(A, '2')))],

    ['finds what has all', 'a @a:1', and(text('a'), is(A, '1'))],
    ['finds what has all, by a word', 'a AND b', and(text('a'), text('b'))],
    ['finds what has any', 'a OR b', or(text('a'), text('b'))],
    ['looks for all before any', 'a b OR c', or(and(text('a'), text('b')), text('c'))],
    ['looks first for what is in parentheses', 'a (b OR c)', and(text('a'), or(text('b'), text('c')))],
    ['leaves out', '-a', not(text('a'))],
    ['leaves out, by a word', 'NOT a', not(text('a'))],
    ['leaves attributes out', '-@a:1', not(is(A, '1'))],
    ['leaves phrases out', '-"a b"', not(text('a', 'b'))],
    ['leaves groups out', 'a -(b c)', and(text('a'), not(and(text('b'), text('c'))))],
    ['leaves out twice', '-NOT a', not(not(text('a')))],
    ['makes one group of groups alike', 'a (b AND (c d))', and(text('a'), text('b'), text('c'), text('d'))],
    ['drops what says nothing', '* a', text('a')],
    ['is everything if it wants anything', '* OR a', ALL],
  ])('%s: %s', (_, written, filter) => {
    expect(parseEventsSearch(written)).toEqual(filter);
    expect(parseEventsSearch(printEventsSearch(filter))).toEqual(filter);
  });

  it.each<[string, number, string]>([
    ['a OR', 5, 'expected a term, found the end'],
    ['OR a', 1, 'expected a term, found "OR"'],
    ['a AND AND b', 7, 'expected a term, found "AND"'],
    ['a - b', 3, 'expected a term, found "-"'],
    ['a)', 2, 'expected the end, found ")"'],
    ['(a', 3, 'expected a closing parenthesis, found the end'],
    ['()', 2, 'expected a term, found ")"'],
    [':a', 1, 'expected a term, found ":"'],
    ['"a b', 5, 'expected a closing quote, found the end'],
    ['@a', 3, 'expected a colon and a value after the attribute, found the end'],
    ['@a b', 3, 'expected a colon and a value after the attribute, found a space'],
    ['@a:', 4, 'expected a value, found the end'],
    ['@a: 5', 4, 'expected a value, found a space'],
    ['@a:OR', 4, 'expected a value, found "OR"'],
    ['@a:()', 5, 'expected a value, found ")"'],
    ['@a:(b', 6, 'expected a closing parenthesis, found the end'],
    ['@a:>x', 5, 'expected a number, found "x"'],
    ['@a:>5x', 5, 'expected a number, found "5x"'],
    ['@a:[1 5]', 7, 'expected TO, found "5"'],
    ['@a:[1 TO 5', 11, 'expected a closing bracket or brace, found the end'],
    ['env:[a TO b]', 6, 'expected a number or *, found "a"'],
    ['@a:>1e999', 5, 'expected a smaller number, found "1e999"'],
    ['@a IN ()', 8, 'expected a value, found ")"'],
    ['@a IN (b', 9, 'expected a comma or a closing parenthesis, found the end'],
  ])('says where it is wrong, and what would be right: %s', (written, position, message) => {
    expect(syntaxErrorIn(parseEventsSearch, written)).toEqual([position, message]);
  });

  it.each<[string, string, number, string]>([
    ['many parentheses', '('.repeat(5000), 102, 'nested too deep'],
    ['many parentheses around values', `@a:${'('.repeat(5000)}`, 105, 'nested too deep'],
    ['many signs', '-'.repeat(4999), 102, 'nested too deep'],
    ['long text', 'a'.repeat(10_001), 10_001, 'longer than 10000 characters'],
    ['many wildcards', `b ${'a*'.repeat(11)}`, 3, 'more than 10 wildcards'],
    ['many wildcards in a value', `@a:${'?'.repeat(11)}`, 4, 'more than 10 wildcards'],
    ['many conditions', 'a '.repeat(201), 401, 'more than 200 conditions'],
  ])('cannot do harm with %s', (_, written, position, message) => {
    expect(syntaxErrorIn(parseEventsSearch, written)).toEqual([position, message]);
  });

  it.each([
    ['@service:web   AND -(a OR @b:"c")', 'service:web -(a OR @b:c)'],
    ['NOT "health check" env:(a OR b)', '-"health check" (env:a OR env:b)'],
    ['@a:[5 TO *] @a:{1 TO 5]', '@a:>=5 @a:{1 TO 5]'],
    [String.raw`a\ b c\:d*`, String.raw`"a b" c\:d*`],
  ])('prints %s as %s', (written, printed) => {
    expect(printEventsSearch(parseEventsSearch(written))).toBe(printed);
  });

  it('means the same after it was printed', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(parseEventsSearch(printEventsSearch(filter))).toEqual(filter);
      }),
      { numRuns: 3000 },
    );
  });

  it('has nothing worse than a mistake, whatever it says', () => {
    fc.assert(
      fc.property(hostileTexts, (written) => {
        syntaxErrorIn(parseEventsSearch, written);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a facet', () => {
  it.each<[string, Facet]>([
    ['@http.status_code', attribute('http.status_code')],
    ['service', SERVICE],
    ['@service', SERVICE],
    ['trace_id', attribute('trace_id')],
    ['ci_level', attribute('ci_level')],
    ['env', tag('env')],
    [' env ', tag('env')],
    [String.raw`@a\ b`, attribute('a b')],
  ])('is an attribute or a tag: %s', (written, facet) => {
    expect(parseFacet(written)).toEqual(facet);
    expect(printFacet(facet)).toBe(written.trim().replace('@service', 'service'));
  });

  it.each<[string, number, string]>([
    ['', 1, 'expected an attribute or the key of a tag, found the end'],
    ['@', 1, 'expected an attribute or the key of a tag, found "@"'],
    ['-env', 1, 'expected an attribute or the key of a tag, found "-env"'],
    ['env:prod', 4, 'expected the end, found ":"'],
  ])('says where it is wrong, and what would be right: %s', (written, position, message) => {
    expect(syntaxErrorIn(parseFacet, written)).toEqual([position, message]);
  });

  it('means the same after it was printed', () => {
    fc.assert(
      fc.property(facets, (facet) => {
        expect(parseFacet(printFacet(facet))).toEqual(facet);
      }),
      { numRuns: 1000 },
    );
  });
});

const facets: fc.Arbitrary<Facet> = fc.oneof(
  words.map(attribute),
  fc.constantFrom(...RESERVED_ATTRIBUTES).map(attribute),
  words.filter((name) => !RESERVED_ATTRIBUTES.includes(name)).map(tag),
);
const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const bounds = fc.record({ value: numbers, inclusive: fc.boolean() });
const textWords = patterns
  .map((pattern) => pattern.replaceAll(/\s/g, ''))
  .filter((pattern) => pattern !== '' && pattern !== '*');
const filters = filtersOver<Extract<EventFilter, { kind: 'text' | 'facet' | 'range' }>>(
  fc.oneof(
    fc.record({
      kind: fc.constant('text' as const),
      words: fc.array(textWords, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('facet' as const), facet: facets, pattern: patterns }),
    fc.record({ kind: fc.constant('facet' as const), facet: facets, pattern: fc.constant('') }),
    fc.record(
      { kind: fc.constant('range' as const), facet: facets, from: bounds, to: bounds },
      { requiredKeys: ['kind', 'facet'] },
    ),
  ),
);
