import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEW_STATE, readState, writeState } from '../../src/web/features/widgets/explore-state.ts';
import { keyAt, nameAt, tagAt, termAt } from '../../src/web/features/widgets/tokens.ts';

describe('the address of Explore', () => {
  it('holds the whole state', () => {
    const states = fc.record({
      definition: fc.dictionary(fc.string(), fc.jsonValue()),
      time: fc.oneof(
        fc
          .integer({ min: 1, max: 10_000 })
          .map((minutes) => ({ kind: 'live' as const, seconds: minutes * 60 })),
        fc.constant({ kind: 'fixed' as const, from: 1_700_000_000_000, to: 1_700_003_600_000 }),
      ),
      isPaused: fc.boolean(),
    });
    fc.assert(
      fc.property(states, (state) => {
        const expected: unknown = JSON.parse(JSON.stringify(state));
        expect(readState(writeState(state))).toEqual(expected);
      }),
    );
  });

  it.each(['', '#', '#widget=%7B', '#widget=[]&time=never', '#%%%', '#main'])('may be "%s"', (hash) => {
    expect(readState(hash)).toEqual(NEW_STATE);
  });
});

describe('the part of a text that a suggestion replaces', () => {
  it.each([
    [tagAt, 'env:prod AND !(ser|', 'ser'],
    [tagAt, 'env:pr|od, service:web', 'env:prod'],
    [tagAt, 'env:prod,|', ''],
    [keyAt, 'host, ser|', 'ser'],
    [termAt, '-@http.st|atus_code:200 x', '@http.status_code:200'],
    [termAt, 'a (ser|', 'ser'],
    [nameAt, '100 * er|rors / b', 'errors'],
    [nameAt, '|', ''],
  ])('%o in %s is "%s"', (tokenAt, marked, token) => {
    const caret = marked.indexOf('|');
    const text = marked.replace('|', '');
    const found = tokenAt(text, caret);
    expect(found.text).toBe(token);
    expect(text.slice(found.from, found.to)).toBe(token);
  });
});
