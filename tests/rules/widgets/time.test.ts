import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/rules/widgets/definition.ts';
import { parseTime, PRESETS, printTime, rangeOf, timeOf } from '../../../src/rules/widgets/time.ts';

const HOUR = { kind: 'live', seconds: 3600 };

describe('the time of a widget', () => {
  it.each<[JsonObject, unknown]>([
    [{}, undefined],
    [{ time: {} }, undefined],
    [{ time: null }, undefined],
    [{ time: { live_span: '1h' } }, HOUR],
    [{ time: { live_span: '1mo' } }, { kind: 'live', seconds: 2_592_000 }],
    [{ time: { live_span: 'alert' } }, undefined],
    [{ time: { type: 'live', unit: 'minute', value: 60 } }, HOUR],
    [{ time: { type: 'live', unit: 'eon', value: 1 } }, undefined],
    [{ time: { type: 'live', unit: 'minute', value: -1 } }, undefined],
    [{ time: { type: 'fixed', from: 10, to: 20 } }, { kind: 'fixed', from: 10_000, to: 20_000 }],
    [{ time: { type: 'fixed', from: 20, to: 10 } }, undefined],
  ])('of %j', (definition, time) => {
    expect(timeOf(definition)).toEqual(time);
  });

  it.each([...PRESETS, '90m', '5000-6000'])('%s is the same after it was read and written', (text) => {
    const time = parseTime(text);
    expect(time && printTime(time)).toBe(text);
  });

  it.each(['', '0m', '1x', '-1h', '1h ', '6000-5000', '99y', '1-999999999999999'])('is not "%s"', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('ends now, or is a fixed range', () => {
    expect(rangeOf({ kind: 'live', seconds: 60 }, 100_000)).toEqual({ from: 40_000, to: 100_000 });
    expect(rangeOf({ kind: 'fixed', from: 1, to: 2 }, 100_000)).toEqual({ from: 1, to: 2 });
  });
});
