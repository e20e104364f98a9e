/**
 * Adds up the JavaScript that a browser transfers until the list of connections shows its first row: the import
 * closure of the list's screen in the built console, gzip. Prints it, and fails above the limit.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 125;
const DIST = join(import.meta.dirname, '../dist');
const ENTRIES = ['index.html', 'src/web/pages/cross-org-visibility-page.tsx'];

interface Chunk {
  file: string;
  imports?: string[];
}

const manifest = JSON.parse(readFileSync(join(DIST, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
const files = new Map<string, number>();
for (const entry of ENTRIES) add(entry);

const rows = [...files].toSorted(([, one], [, other]) => other - one);
for (const [file, bytes] of rows) console.log(`${kilobytes(bytes).padStart(8)} kB  ${file}`);
const total = rows.reduce((sum, [, bytes]) => sum + bytes, 0);
console.log(`${kilobytes(total).padStart(8)} kB  in all, of at most ${LIMIT_KB} kB gzip`);
process.exitCode = total <= LIMIT_KB * 1000 ? 0 : 1;

function add(name: string): void {
  const chunk = manifest[name];
  // A screen that is no chunk of its own is in its importer's.
  if (!chunk || files.has(chunk.file)) return;
  files.set(chunk.file, gzipSync(readFileSync(join(DIST, chunk.file))).length);
  for (const imported of chunk.imports ?? []) add(imported);
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
