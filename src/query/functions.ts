/** What a function takes besides the expression that it is of. A parameter with a default may be left out. */
export type ParameterType =
  | { kind: 'number'; name: string; minimum?: number; maximum?: number; integer?: true; default?: number }
  | { kind: 'word'; name: string; values: readonly string[]; default?: string };

interface FunctionType {
  parameters: readonly ParameterType[];
  /** It is about how values follow one another, so a scalar has nothing for it. */
  needsTime: boolean;
}

const withoutParameters = { parameters: [], needsTime: false } as const;
const needingTime = { parameters: [], needsTime: true } as const;

/** Ten years: no time in a query is longer, so that all times that come of it are ones which a clock can show. */
export const LONGEST_SECONDS = 315_360_000;

/** The functions of formulas and of metrics queries, by Datadog's names. */
export const FUNCTIONS = {
  abs: withoutParameters,
  log2: withoutParameters,
  log10: withoutParameters,
  cumsum: needingTime,
  diff: needingTime,
  derivative: needingTime,
  per_second: needingTime,
  per_minute: needingTime,
  per_hour: needingTime,
  ewma_5: needingTime,
  moving_rollup: {
    parameters: [
      { kind: 'number', name: 'seconds', minimum: 1, integer: true },
      { kind: 'word', name: 'method', values: ['avg', 'sum', 'min', 'max', 'count'], default: 'avg' },
    ],
    needsTime: true,
  },
  default_zero: withoutParameters,
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
  timeshift: {
    parameters: [{ kind: 'number', name: 'seconds', minimum: -LONGEST_SECONDS, maximum: -1, integer: true }],
    needsTime: false,
  },
  hour_before: withoutParameters,
  day_before: withoutParameters,
  week_before: withoutParameters,
  month_before: withoutParameters,
} as const satisfies Record<string, FunctionType>;

export type FunctionName = keyof typeof FUNCTIONS;

export function isFunctionName(text: string): text is FunctionName {
  return Object.hasOwn(FUNCTIONS, text);
}

/** The function whose name somebody may have meant who mistyped it. */
export function similarFunction(text: string): FunctionName | undefined {
  return Object.keys(FUNCTIONS)
    .filter(isFunctionName)
    .map((name) => ({ name, mistakes: distanceOf(text.toLowerCase(), name) }))
    .filter(({ name, mistakes }) => mistakes <= Math.min(3, name.length / 3))
    .toSorted((one, other) => one.mistakes - other.mistakes)[0]?.name;
}

/** How many letters must be put in, left out or exchanged to make one text of the other. */
function distanceOf(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 3) return Infinity;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const exchanged = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? Infinity;
}
