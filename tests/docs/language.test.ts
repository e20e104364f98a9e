import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DOCUMENTS } from './documents.ts';

/** Words that make a text hard to read, and what to write instead. */
const AVOIDED: [pattern: RegExp, instead: string][] = [
  [/\banew\b/i, 'again, or the verb alone: "restart", "recreate"'],
  [/\bwhom\b/i, 'who, or name the person: "the users in the directory file"'],
  [/\bwhose (it|they) (is|are)\b/i, 'name the owner: "the organization of the key"'],
  [/\bsomebody\b/i, 'someone, or better the role: "a user", "an administrator"'],
  [/\bnobody\b/i, 'no one, or better the role: "no user"'],
  [/\b(whoever|anybody|everybody)\b/i, 'the role: "the caller", "all users"'],
  [/\bthat is none\b/i, 'say what it is: "an invalid id"'],
  [/\blets? go of\b/i, 'release'],
  [/\btak(e|es|en|ing)( \w+)? back\b/i, 'revoke, undo, refund or clear'],
  [/\bnone of something\b/i, 'say what is 0 and when'],
  [/\bleavingManagers\b/, 'ensureManagerRemains'],
  [/\bopenDoor\b/, 'authorizeTelemetryRead'],
  [/\bcreateGate\b/, 'createSemaphore'],
  [/\bunhurried/i, 'withLongTimeout'],
  [/\btakeBack\b/, 'refund'],
];

const SOURCES = globSync(['src/**/*.{ts,tsx,css,sql,html}', 'tests/**/*.{ts,tsx}'], {
  exclude: ['tests/docs/language.test.ts'],
}).toSorted();

it.each([...DOCUMENTS, ...SOURCES])('%s has none of the words to avoid', (path) => {
  expect(findAvoided(path)).toEqual([]);
});

it.each(globSync(['src/web/**/messages.ts', 'src/web/i18n/error-messages.ts']).toSorted())(
  '%s has typographic apostrophes',
  (path) => {
    const texts = readFileSync(path, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
    expect(texts.match(/[a-z]'[a-z]+/g) ?? []).toEqual([]);
  },
);

function findAvoided(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      AVOIDED.filter(([pattern]) => pattern.test(line)).map(
        ([pattern, instead]) =>
          `${path}:${index + 1}: "${pattern.exec(line)?.[0] ?? ''}". Instead: ${instead}`,
      ),
    );
}
