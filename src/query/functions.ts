/** Type of a function parameter after the expression. A parameter with a default is optional. */
export type ParameterType =
  | { kind: 'number'; name: string; minimum?: number; maximum?: number; integer?: true; default?: number }
  | { kind: 'word'; name: string; values: readonly string[]; default?: string };

interface FunctionType {
  parameters: readonly ParameterType[];
  /** Whether the function compares values over time, so that it cannot be applied to scalars. */
  needsTime: boolean;
}

const withoutParameters = { parameters: [], needsTime: false } as const;
const overTime = { parameters: [], needsTime: true } as const;

/** Maximum duration in a query, ten years in seconds. Keeps every computed time in the valid range. */
export const MAX_SECONDS = 315_360_000;

/** Functions of formulas and metrics queries, by Datadog's names. */
export const FUNCTIONS = {
  abs: withoutParameters,
  log2: withoutParameters,
  log10: withoutParameters,
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
    parameters: [{ kind: 'number', name: 'seconds', minimum: -MAX_SECONDS, maximum: -1, integer: true }],
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

/** Returns the function with the most similar name, to suggest for a mistyped one. */
export function similarFunction(text: string): FunctionName | undefined {
  return Object.keys(FUNCTIONS)
    .filter(isFunctionName)
    .map((name) => ({ name, distance: levenshteinDistance(text.toLowerCase(), name) }))
    .filter(({ name, distance }) => distance <= Math.min(3, name.length / 3))
    .toSorted((one, other) => one.distance - other.distance)[0]?.name;
}

/** Returns the Levenshtein distance of two texts, or Infinity if their lengths differ by more than 3. */
function levenshteinDistance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 3) return Infinity;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? Infinity;
}
