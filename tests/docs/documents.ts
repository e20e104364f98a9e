import { globSync } from 'node:fs';

/** Paths of all documents of the repository. */
export const DOCUMENTS = globSync(['*.md', 'docs/**/*.md', '.github/**/*.md'], {
  exclude: ['node_modules/**'],
}).toSorted();
