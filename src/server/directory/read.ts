import { type Document, isMap, LineCounter, type Node, parseDocument, visit } from 'yaml';
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
  const document = parseYaml(text, lines);
  const { value, mistakes } = orMistake(() => withSecrets(toValue(document, lines), environment));
  const parsed = DirectoryFile.safeParse(value ?? {}, { reportInput: true });
  if (!parsed.success) mistakes.push(...parsed.error.issues.map(toMistake));
  else mistakes.push(...contradictions(parsed.data));
  if (mistakes.length > 0 || !parsed.success) throw located(mistakes, document, lines);
  return parsed.data;
}

function parseYaml(text: string, lines: LineCounter): Document {
  const document = orMistake(() => parseDocument(text, { lineCounter: lines }));
  const [broken] = document.errors;
  if (broken) {
    if (isTooDeep(broken)) throw tooDeep(broken);
    throw new ConfigurationError(
      `line ${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0]}`,
    );
  }
  return document;
}

/** Maximum number of values of a file, with each alias counted as the values that it stands for. */
const MAX_VALUES = 1_000_000;

/** Returns the content of a document. Aliases share their values, which are not copied. */
function toValue(document: Document, lines: LineCounter): unknown {
  // Not `alias.resolve`, which looks through the whole document for each alias.
  const anchors = new Map<string, Node>();
  visit(document, {
    Value(_, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
    Alias(_, alias, ancestors) {
      const source = anchors.get(alias.source);
      const problem =
        source === undefined ? 'has no anchor before it' : 'stands for a value that contains it';
      if (source !== undefined && !ancestors.includes(source)) return;
      const line = lines.linePos(rangeStart(alias) ?? 0).line;
      throw new ConfigurationError(`line ${line}: the alias *${alias.source} ${problem}`);
    },
  });
  // Not limited by yaml, which would refuse a hundred users with the same alias.
  const value: unknown = document.toJS({ maxAliasCount: -1 });
  if (countValues(value, new Map()) > MAX_VALUES) {
    throw new ConfigurationError(`the file has more than ${MAX_VALUES} values once its aliases are replaced`);
  }
  return value;
}

/** Counts the values in a value. Counts a shared value once and adds its count each time, so that aliases cost no time. */
function countValues(value: unknown, known: Map<object, number>): number {
  if (typeof value !== 'object' || value === null) return 1;
  const found = known.get(value);
  if (found !== undefined) return found;
  const count = Object.values(value).reduce<number>((sum, item) => sum + countValues(item, known), 1);
  known.set(value, count);
  return count;
}

/** Turns an error that is not about a line into a sentence. */
function orMistake<Result>(parse: () => Result): Result {
  try {
    return parse();
  } catch (cause) {
    if (cause instanceof ConfigurationError || !(cause instanceof Error)) throw cause;
    if (isTooDeep(cause)) throw tooDeep(cause);
    throw new ConfigurationError(`the file cannot be parsed: ${cause.message}`, { cause });
  }
}

/** Returns whether the stack was used up. The YAML parser reports this as a mistake of the file. */
function isTooDeep({ message }: Error): boolean {
  return message.includes('call stack size exceeded');
}

function tooDeep(cause: Error): ConfigurationError {
  return new ConfigurationError('the file is nested too deeply', { cause });
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
