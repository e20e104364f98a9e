/** What a function takes besides the expression that it is of. A parameter with a default may be left out. */
export type ParameterType =
  | { kind: 'number'; name: string; minimum?: number; integer?: true; default?: number }
  | { kind: 'word'; name: string; values: readonly string[]; default?: string };

interface FunctionType {
  parameters: readonly ParameterType[];
  /** It is about how values follow one another, so a scalar has nothing for it. */
  needsTime: boolean;
}

const pointwise = { parameters: [], needsTime: false } as const;
const overTime = { parameters: [], needsTime: true } as const;

/** The functions of formulas and of metrics queries, by Datadog's names. */
export const FUNCTIONS = {
  abs: pointwise,
  log2: pointwise,
  log10: pointwise,
  cumsum: overTime,
  diff: overTime,
  derivative: overTime,
  per_second: overTime,
  per_minute: overTime,
  per_hour: overTime,
  ewma_5: overTime,
  moving_rollup: {
    parameters: [
      { kind: 'number', name: 'seconds', minimum: 1, integer: true },
      { kind: 'word', name: 'method', values: ['avg', 'sum', 'min', 'max', 'count'], default: 'avg' },
    ],
    needsTime: true,
  },
  default_zero: pointwise,
  clamp_min: { parameters: [{ kind: 'number', name: 'minimum' }], needsTime: false },
  clamp_max: { parameters: [{ kind: 'number', name: 'maximum' }], needsTime: false },
  top: {
    parameters: [
      { kind: 'number', name: 'count', minimum: 1, integer: true },
      {
        kind: 'word',
        name: 'by',
        values: ['mean', 'min', 'max', 'last', 'sum', 'area', 'l2norm'],
        default: 'mean',
      },
      { kind: 'word', name: 'order', values: ['desc', 'asc'], default: 'desc' },
    ],
    needsTime: false,
  },
  timeshift: { parameters: [{ kind: 'number', name: 'seconds', integer: true }], needsTime: false },
  hour_before: pointwise,
  day_before: pointwise,
  week_before: pointwise,
  month_before: pointwise,
} as const satisfies Record<string, FunctionType>;

export type FunctionName = keyof typeof FUNCTIONS;

export function isFunctionName(text: string): text is FunctionName {
  return Object.hasOwn(FUNCTIONS, text);
}

/**
 * How much further back a function looks for what it is of, in milliseconds; 0 for those that do not move it.
 *
 * @param parameters `timeshift` has one, the seconds to move by, which are negative for the past
 */
export function shiftOf(name: FunctionName, parameters: readonly (number | string)[]): number {
  if (name === 'timeshift') return 1000 * (0 - Number(parameters[0] ?? 0));
  return SHIFTS[name] ?? 0;
}

const HOUR = 3_600_000;
const SHIFTS: Partial<Record<FunctionName, number>> = {
  hour_before: HOUR,
  day_before: 24 * HOUR,
  week_before: 7 * 24 * HOUR,
  month_before: 28 * 24 * HOUR,
};
