/**
 * Adds up the JavaScript that a browser transfers, gzip: until the list of connections shows its first row, and what Explore adds
 * to the start page. Prints both, and fails above a limit.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIST = join(import.meta.dirname, '../dist');

interface Chunk {
  file: string;
  imports?: string[];
}

const manifest = JSON.parse(readFileSync(join(DIST, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
const start = closureOf('index.html');
const list = closureOf('index.html', 'src/web/pages/cross-org-visibility-page.tsx');
const explore = closureOf('src/web/pages/explore-page.tsx').difference(start);

const areLight = [report('The list', list, 125), report('Explore, beyond the start page', explore, 90)];
process.exitCode = areLight.every(Boolean) ? 0 : 1;

/** Returns the files of chunks and of all that they import. */
function closureOf(...names: readonly string[]): Set<string> {
  const files = new Set<string>();
  for (const name of names) add(name);
  return files;

  function add(name: string): void {
    const chunk = manifest[name];
    // A screen that is no chunk of its own is in its importer's.
    if (!chunk || files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const imported of chunk.imports ?? []) add(imported);
  }
}

/** Prints the files and their sum. Returns whether it is within the limit. */
function report(what: string, files: ReadonlySet<string>, limitKb: number): boolean {
  const rows = [...files]
    .map((file) => ({ file, bytes: gzipSync(readFileSync(join(DIST, file))).length }))
    .toSorted((one, other) => other.bytes - one.bytes);
  for (const { file, bytes } of rows) console.log(`${kilobytes(bytes).padStart(8)} kB  ${file}`);
  const total = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`${kilobytes(total).padStart(8)} kB  ${what}, of at most ${limitKb} kB gzip`);
  return total <= limitKb * 1000;
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
