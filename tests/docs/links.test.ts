import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS } from './documents.ts';

const MAX_IMAGE_BYTES = 150_000;

describe('links', () => {
  it.each(DOCUMENTS)('of %s lead to files and headings that exist', (document) => {
    const broken = localLinks(document).filter(({ path, heading }) => {
      if (!existsSync(path)) return true;
      return heading !== undefined && !headings(path).includes(heading);
    });
    expect(broken).toEqual([]);
  });

  it('show every picture in docs/images', () => {
    const shown = new Set(DOCUMENTS.flatMap(localLinks).map(({ path }) => path));
    expect(globSync('docs/images/*').filter((path) => !shown.has(path))).toEqual([]);
  });
});

describe('merges', () => {
  it.each(DOCUMENTS)('leave no conflict marks in %s', (document) => {
    // The formatter escapes and splits such marks.
    expect(readFileSync(document, 'utf8')).not.toMatch(/<{7} |(> ){6}>|\\?={7}(?!=)/);
  });
});

describe('pictures', () => {
  it.each(globSync('docs/images/*'))('%s is small enough for a slow connection', (path) => {
    expect(statSync(path).size).toBeLessThan(MAX_IMAGE_BYTES);
  });
});

/** Targets of links and images of a document, relative to the root of the repository. */
function localLinks(document: string): { path: string; heading: string | undefined }[] {
  const text = withoutCode(readFileSync(document, 'utf8'));
  const targets = [
    ...text.matchAll(/\]\(([^)\s]+)\)/g),
    ...text.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g),
  ].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^\w+:/.test(target))
    .map((target) => {
      const [file = '', heading] = target.split('#');
      return { path: file === '' ? document : normalize(join(dirname(document), file)), heading };
    });
}

/** Headings of a document as GitHub writes them in the address. */
function headings(path: string): string[] {
  const lines = withoutCode(readFileSync(path, 'utf8')).split('\n');
  return lines
    .filter((line) => /^#+ /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
}

function withoutCode(text: string): string {
  return text.replaceAll(/```[\s\S]*?```/g, '');
}
