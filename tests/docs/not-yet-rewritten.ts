/** Source files that still contain words which language.test.ts refuses. Files may be removed from this list, never added. */
export const NOT_YET_REWRITTEN: ReadonlySet<string> = new Set<string>([]);
