import { isMap, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';

import { issueWords } from '../../contract/common/issue-words.ts';

import { ConfigurationError } from '../configuration.ts';
import { contradictions, type Mistake, type Path } from './contradictions.ts';
import { type Directory, DirectoryFile } from './schema.ts';

/**
 * Parses a directory file.
 *
 * @param text YAML
 * @param environment variables for secrets written as `${NAME}`
 * @throws ConfigurationError with all mistakes and their lines
 */
export function readDirectory(text: string, environment: NodeJS.ProcessEnv): Directory {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken) {
    throw new ConfigurationError(
      `line ${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0]}`,
    );
  }

  const { value, mistakes } = withSecrets(document.toJS(), environment);
  const parsed = DirectoryFile.safeParse(value ?? {}, { reportInput: true });
  if (!parsed.success) mistakes.push(...parsed.error.issues.map(toMistake));
  else mistakes.push(...contradictions(parsed.data));
  if (mistakes.length > 0 || !parsed.success) throw located(mistakes, document, lines);
  return parsed.data;
}

/** Replaces each text that consists of `${NAME}` by the environment variable. */
function withSecrets(value: unknown, environment: NodeJS.ProcessEnv) {
  const mistakes: Mistake[] = [];
  const replace = (node: unknown, path: Path): unknown => {
    if (Array.isArray(node)) return node.map((item, index) => replace(item, [...path, index]));
    if (typeof node === 'object' && node !== null) {
      return Object.fromEntries(
        Object.entries(node).map(([member, item]) => [member, replace(item, [...path, member])]),
      );
    }
    const variable = typeof node === 'string' && /^\$\{(\w+)\}$/.exec(node)?.[1];
    if (!variable) return node;
    const found = environment[variable];
    if (!found) mistakes.push({ path, message: `the environment variable ${variable} is not set` });
    // A valid value, so that the missing variable is reported only once.
    return found || 'x'.repeat(32);
  };
  return { value: replace(value, []), mistakes };
}

function toMistake(issue: z.core.$ZodIssue): Mistake {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return { path: [...path, ...issue.keys.slice(0, 1)], message: 'is not known here' };
  }
  return { path, message: issueWords(issue) };
}

function located(mistakes: readonly Mistake[], document: Document, lines: LineCounter): ConfigurationError {
  const messages = mistakes
    .map(({ path, message }) => ({ line: lineOf(path, document, lines), path, message }))
    .toSorted((one, other) => one.line - other.line)
    .map(({ line, path, message }) => `line ${line}: ${describePath(path)} ${message}`);
  return new ConfigurationError(messages.join('\n'));
}

/** Returns the line of a path, or of its nearest ancestor in the file. */
function lineOf(path: Path, document: Document, lines: LineCounter): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent = document.getIn(path.slice(0, depth - 1), true);
    const member = path[depth - 1];
    const pair = isMap(parent) && parent.items.find(({ key }) => String(key) === String(member));
    const node = pair ? pair.key : document.getIn(path.slice(0, depth), true);
    const offset = rangeStart(node);
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return 1;
}

function rangeStart(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  return Array.isArray(node.range) && typeof node.range[0] === 'number' ? node.range[0] : undefined;
}

function describePath(path: Path): string {
  return z.core.toDotPath(path) || 'the file';
}
