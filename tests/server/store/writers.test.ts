import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Statements that write a table, in Kysely's form and in SQL. */
const WRITES = [
  /\.(?:insertInto|updateTable|deleteFrom|mergeInto|replaceInto)\('(\w+)(?: as \w+)?'/g,
  /\b(?:insert into|delete from|merge into|truncate) "?(\w+)"?/gi,
  /\bupdate "?(\w+)"?(?: as \w+)?\s+set\b/gi,
];

it('writes each table in one file of src/server/store/ only', () => {
  const writers = new Map<string, Set<string>>();
  for (const path of globSync('src/**/*.ts')) {
    const text = readFileSync(path, 'utf8');
    for (const [, table = ''] of WRITES.flatMap((write) => [...text.matchAll(write)])) {
      writers.set(table, (writers.get(table) ?? new Set()).add(path));
    }
  }
  expect(writers.size).toBeGreaterThan(20);
  expect(Object.fromEntries([...writers].filter(([, paths]) => paths.size > 1))).toEqual({});
  for (const paths of writers.values())
    for (const path of paths) expect(path).toMatch(/^src\/server\/store\//);
});
