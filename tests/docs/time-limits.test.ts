import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** A time limit of a test, as `timeout: 60_000`, `setTimeout(60_000)` or the last argument of a test. */
const LIMIT = /\b(?:timeout: |test\.setTimeout\()[\d_]+(?! \* TIME_FACTOR)\b.*|^\s*\}, [\d_]+\);$/gm;

it('scales every time limit of the tests with TEST_TIME_FACTOR', () => {
  const files = globSync('tests/{server,web,contract,e2e,hostile,support,rules,query}/**/*.{ts,tsx}');
  expect(files.length).toBeGreaterThan(50);
  const fixed = files.flatMap((path) =>
    (readFileSync(path, 'utf8').match(LIMIT) ?? []).map((limit) => `${path}: ${limit.trim()}`),
  );
  expect(fixed).toEqual([]);
});
