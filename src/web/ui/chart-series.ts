/** Number of colors of series, `--series-1` and following. */
const COLORS = 8;

/** Dashes tell series of one color apart, in CSS pixels. */
const DASHES: readonly (readonly number[])[] = [[], [6, 4], [2, 3], [10, 4, 2, 4]];

/** Look of a series: an index of a color, and the dash of its line. */
export interface SeriesLook {
  color: number;
  dash: readonly number[];
}

/** A line, an area or bars of a chart. */
export interface ChartSeries {
  id: string;
  label: string;
  look: SeriesLook;
  /** Value for each time. Null: no point. */
  values: readonly (number | null)[];
}

/** Position of the cursor: an index in the times, and its distance from the left in CSS pixels. */
export interface ChartCursor {
  index: number;
  left: number;
}

/** Value of a series at the cursor. */
export interface ValueAt extends Pick<ChartSeries, 'id' | 'label' | 'look'> {
  value: number;
}

/**
 * Returns the look of each series. A series keeps its look when the page is opened again and when others come and go, unless
 * two prefer the same.
 */
export function looksOf(ids: readonly string[]): ReadonlyMap<string, SeriesLook> {
  const slots = COLORS * DASHES.length;
  const taken = new Map<string, number>();
  const free = new Set(Array.from({ length: Math.max(slots, ids.length) }, (_, slot) => slot));
  for (const id of ids.toSorted()) {
    const preferred = hash(id) % COLORS;
    const slot = free.has(preferred) ? preferred : firstOf(free);
    free.delete(slot);
    taken.set(id, slot);
  }
  return new Map(
    ids.map((id) => {
      const slot = taken.get(id) ?? 0;
      return [
        id,
        { color: (slot % COLORS) + 1, dash: DASHES[Math.floor(slot / COLORS) % DASHES.length] ?? [] },
      ];
    }),
  );
}

/** Returns running totals over the series, for a stacked chart. A missing point counts as 0. */
export function stacked(series: readonly ChartSeries[]): readonly (readonly number[])[] {
  const totals: number[] = [];
  return series.map(({ values }) =>
    values.map((value, index) => {
      const total = (totals[index] ?? 0) + (value ?? 0);
      totals[index] = total;
      return total;
    }),
  );
}

function firstOf(free: ReadonlySet<number>): number {
  return free.values().next().value ?? 0;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x81_1c_9d_c5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01_00_01_93) >>> 0;
  }
  return value;
}
