import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from '../support/app.ts';
import { openTestDatabase } from '../support/databases.ts';

const text = readFileSync('docs/queries.md', 'utf8');

/** The rows of all tables of a kind: the texts in their cells that are code. */
function tableOf(kind: string): string[][] {
  const rows: string[][] = [];
  let isOfKind = false;
  for (const line of text.split('\n')) {
    const cells = line.split('|').slice(1, -1);
    if (cells.length === 0) isOfKind = false;
    else if (cells[0]?.trim() === kind) isOfKind = true;
    else if (isOfKind && cells[0]?.includes('`'))
      rows.push(cells.map((cell) => cell.trim().replaceAll('`', '')));
  }
  return rows;
}
