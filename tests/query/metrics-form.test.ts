import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FUNCTIONS, isFunctionName } from '../../src/query/functions.ts';
import {
  EMPTY_METRICS_FORM,
  type MetricsForm,
  readMetricsForm,
  writeMetricsForm,
} from '../../src/query/metrics-form.ts';
import { AGGREGATORS, parseMetricsQuery } from '../../src/query/metrics-query.ts';

const form = (rest: Partial<MetricsForm>): MetricsForm => ({ ...EMPTY_METRICS_FORM, ...rest });

describe('the form of a metrics query', () => {
  it.each<[string, Partial<MetricsForm>]>([
    ['avg:system.load{*}', { metric: 'system.load' }],
    [
      'sum:a{env:prod, !host:x} by {service, env}',
      { aggregator: 'sum', metric: 'a', scope: 'env:prod, !host:x', by: ['service', 'env'] },
    ],
    [
      'sum:a{*}.as_rate().rollup(max, 60)',
      { aggregator: 'sum', metric: 'a', as: 'rate', rollup: { method: 'max', seconds: 60 } },
    ],
    [
      "top(abs(avg:a{*}), 5, 'mean', 'desc')",
      {
        metric: 'a',
        functions: [
          { name: 'abs', parameters: [] },
          { name: 'top', parameters: [5, 'mean', 'desc'] },
        ],
      },
    ],
    ['max:{env:prod} by {host}', { aggregator: 'max', scope: 'env:prod', by: ['host'] }],
  ])('reads and writes %s', (text, parts) => {
    expect(readMetricsForm(text)).toEqual(form(parts));
    expect(writeMetricsForm(form(parts))).toBe(text);
  });

  it('is empty for a query that is not written yet', () => {
    expect(readMetricsForm('  ')).toEqual(EMPTY_METRICS_FORM);
  });

  it('keeps the spelling of the scope', () => {
    const text = String.raw`avg:a{ service IN (x,Y) , NOT path:\} }`;
    expect(readMetricsForm(text)?.scope).toBe(String.raw`service IN (x,Y) , NOT path:\}`);
  });

  it.each(['avg:a{*} + avg:b{*}', '-avg:a{*}', '100', 'avg:a{', 'abs(avg:a{*} / 2)', 'nonsense(avg:a{*})'])(
    'cannot show %s',
    (text) => expect(readMetricsForm(text)).toBeUndefined(),
  );

  it('means the same query after it was written', () => {
    fc.assert(
      fc.property(forms, (wanted) => {
        const text = writeMetricsForm(wanted);
        expect(readMetricsForm(text)).toEqual(wanted);
        expect(() => parseMetricsQuery(text)).not.toThrow();
      }),
    );
  });
});

const forms: fc.Arbitrary<MetricsForm> = fc.record(
  {
    aggregator: fc.constantFrom(...AGGREGATORS),
    metric: fc.constantFrom('a', 'system.load', 'Http_2.requests'),
    scope: fc.constantFrom('*', 'env:prod', 'env:prod AND !host:web-*', String.raw`a:\{x\}`),
    by: fc.uniqueArray(fc.constantFrom('host', 'service', 'env'), { maxLength: 3 }),
    as: fc.constantFrom('count' as const, 'rate' as const),
    rollup: fc.constantFrom(
      { seconds: 60 },
      { method: 'max' as const },
      { method: 'sum' as const, seconds: 5 },
    ),
    fill: fc.constant({ method: 'last' as const, seconds: 60 }),
    functions: fc.array(
      fc
        .constantFrom(...Object.keys(FUNCTIONS).filter(isFunctionName))
        .map((name) => ({ name, parameters: FUNCTIONS[name].parameters.map(sample) })),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ['aggregator', 'metric', 'scope', 'by', 'functions'] },
);

function sample(type: { kind: string; minimum?: number; maximum?: number; values?: readonly string[] }) {
  return type.values?.[0] ?? type.minimum ?? 1;
}
