import { isMap, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { Uuid } from '../../contract/common/schema.ts';
import { issueWords } from '../../contract/common/issue-words.ts';
import { PERMISSIONS } from '../../contract/permissions/constants.ts';
import { ConfigurationError } from '../configuration.ts';

const permissionNames = PERMISSIONS.map((permission) => permission.name);
const Permission = z.enum(permissionNames, {
  error: ({ input }) => `unknown permission ${JSON.stringify(input)}`,
});

const name = z.string().trim().min(1, 'must not be empty').max(200);
const secret = z.string();
const id = absentOr(Uuid.transform((text) => text.toLowerCase()));
const email = z.email('must be an email address').transform((text) => text.toLowerCase());

/** An optional member, which may also be blank. */
function absentOr<Schema extends z.ZodType>(schema: Schema) {
  return schema
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();
}

/** An optional list, which may also be blank. */
const list = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const Role = z.strictObject({ id, name, permissions: z.array(Permission) });
const Team = z.strictObject({ id, handle: name, name: absentOr(name) });
const User = z.strictObject({
  id,
  email,
  name: absentOr(name),
  password: absentOr(secret.min(8, 'must have at least 8 characters').max(128)),
  roles: list(name),
  teams: list(name),
});
const Key = secret.min(16, 'must have 16 to 128 characters').max(128, 'must have 16 to 128 characters');
const ApiKey = z.strictObject({ name, key: Key });
const ApplicationKey = z.strictObject({ name, key: Key, user: email, scopes: list(Permission) });
const Org = z.strictObject({
  id,
  name,
  description: z
    .string()
    .max(2000)
    .nullish()
    .transform((text) => text ?? ''),
  site: name,
  hipaa: z.boolean().default(false),
  cross_org_visibility: z.boolean().default(true),
  roles: list(Role),
  teams: list(Team),
  users: list(User),
  api_keys: list(ApiKey),
  application_keys: list(ApplicationKey),
});
const days = (byDefault: number) =>
  z
    .int()
    .min(1, 'must be from 1 to 3650')
    .max(3650, 'must be from 1 to 3650')
    .nullish()
    .transform((value) => value ?? byDefault);
const Retention = z.preprocess(
  (value) => value ?? {},
  z.strictObject({ metrics_days: days(456), logs_days: days(15), ci_days: days(30) }),
);
const Account = z.strictObject({
  name,
  max_destinations: z.int().min(0).nullable().default(5),
  retention: Retention,
  orgs: list(Org),
});
const DirectoryFile = z.strictObject({ accounts: list(Account) });

/** Content of a directory file, with defaults for what it leaves out. */
export type Directory = z.output<typeof DirectoryFile>;
export type DirectoryOrg = Directory['accounts'][number]['orgs'][number];

type Path = readonly (string | number)[];
interface Mistake {
  path: Path;
  message: string;
}

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

/** Finds contradictions between parts that are valid by themselves. */
function contradictions({ accounts }: Directory): Mistake[] {
  const mistakes: Mistake[] = [];
  const seen = new Map<string, Set<string>>();
  const once = (kind: string, value: string | undefined, path: Path) => {
    if (value === undefined) return;
    const values = seen.get(kind) ?? new Set();
    seen.set(kind, values);
    if (values.has(value)) mistakes.push({ path, message: `${kind.split('@')[0]} is used twice` });
    values.add(value);
  };
  const passwords = new Map<string, string>();

  for (const [a, account] of accounts.entries()) {
    const inAccount = ['accounts', a] as const;
    once('account name', account.name, [...inAccount, 'name']);
    for (const [o, org] of account.orgs.entries()) {
      const at = (...rest: Path): Path => [...inAccount, 'orgs', o, ...rest];
      const within = `@${a}.${o}`;
      once('organization id', org.id, at('id'));
      once(`organization name@${a}`, org.name, at('name'));
      for (const [r, role] of org.roles.entries()) {
        once('role id', role.id, at('roles', r, 'id'));
        once(`role name${within}`, role.name, at('roles', r, 'name'));
      }
      for (const [t, team] of org.teams.entries()) {
        once('team id', team.id, at('teams', t, 'id'));
        once(`team handle${within}`, team.handle, at('teams', t, 'handle'));
        once(`team name${within}`, team.name ?? team.handle, at('teams', t, 'name'));
      }
      for (const [u, user] of org.users.entries()) {
        once('user id', user.id, at('users', u, 'id'));
        once(`email${within}`, user.email, at('users', u, 'email'));
        for (const [r, role] of user.roles.entries()) {
          if (!org.roles.some((known) => known.name === role)) {
            mistakes.push({ path: at('users', u, 'roles', r), message: `${org.name} has no role "${role}"` });
          }
        }
        for (const [t, team] of user.teams.entries()) {
          if (!org.teams.some((known) => known.handle === team)) {
            mistakes.push({ path: at('users', u, 'teams', t), message: `${org.name} has no team "${team}"` });
          }
        }
        if (user.password === undefined) continue;
        if ((passwords.get(user.email) ?? user.password) !== user.password) {
          mistakes.push({
            path: at('users', u, 'password'),
            message: `${user.email} has another password elsewhere in this file. One email is one person.`,
          });
        }
        passwords.set(user.email, user.password);
      }
      for (const [k, apiKey] of org.api_keys.entries()) {
        once(`API key name${within}`, apiKey.name, at('api_keys', k, 'name'));
        once('API key', apiKey.key, at('api_keys', k, 'key'));
      }
      for (const [k, applicationKey] of org.application_keys.entries()) {
        const { user } = applicationKey;
        once(`application key name${within}.${user}`, applicationKey.name, at('application_keys', k, 'name'));
        once('application key', applicationKey.key, at('application_keys', k, 'key'));
        if (!org.users.some((known) => known.email === user)) {
          mistakes.push({
            path: at('application_keys', k, 'user'),
            message: `${org.name} has no user ${user}`,
          });
        }
      }
    }
  }
  return mistakes;
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
