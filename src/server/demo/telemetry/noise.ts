/** Returns a pseudo-random number from 0 (inclusive) to 1 (exclusive), which is always the same for the same parts. */
export function noise(...parts: readonly (string | number)[]): number {
  // FNV-1a, then the final steps of MurmurHash3: without them, similar parts give similar numbers.
  let hash = 0x811c9dc5;
  for (const part of parts) {
    const text = String(part);
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
    hash = Math.imul(hash ^ 0xff, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** As {@link noise}, but changes gradually with time, from one value to another in each period. */
export function wandering(time: number, period: number, ...parts: readonly (string | number)[]): number {
  const step = Math.floor(time / period);
  const share = (1 - Math.cos(Math.PI * (time / period - step))) / 2;
  return noise(...parts, step) * (1 - share) + noise(...parts, step + 1) * share;
}

/** Picks an item by {@link noise}. */
export function pick<Item>(items: readonly [Item, ...Item[]], ...parts: readonly (string | number)[]): Item {
  return items[Math.floor(noise(...parts) * items.length)] ?? items[0];
}

/** Returns hexadecimal digits by {@link noise}. */
export function hexOf(digits: number, ...parts: readonly (string | number)[]): string {
  const chunks = Array.from({ length: Math.ceil(digits / 8) }, (_, index) =>
    Math.floor(noise(...parts, index) * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  );
  return chunks.join('').slice(0, digits);
}
