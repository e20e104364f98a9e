import { z } from 'zod';
import { storable, Uuid } from '../../contract/common/schema.ts';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../../contract/console/constants.ts';
import { PERMISSIONS } from '../../contract/permissions/constants.ts';

const permissionNames = PERMISSIONS.map((permission) => permission.name);
const Permission = z.enum(permissionNames, {
  error: ({ input }) => `unknown permission ${JSON.stringify(input)}`,
});

const name = storable.trim().min(1, 'must not be empty').max(200);
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
  password: absentOr(
    secret
      .min(MIN_PASSWORD_LENGTH, `must have at least ${MIN_PASSWORD_LENGTH} characters`)
      .max(MAX_PASSWORD_LENGTH),
  ),
  roles: list(name),
  teams: list(name),
});
const Key = secret.min(16, 'must have 16 to 128 characters').max(128, 'must have 16 to 128 characters');
const ApiKey = z.strictObject({ name, key: Key });
const ApplicationKey = z.strictObject({ name, key: Key, user: email, scopes: list(Permission) });
const Org = z.strictObject({
  id,
  name,
  description: storable
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
/** Content of a directory file. */
export const DirectoryFile = z.strictObject({ accounts: list(Account) });

/** Content of a directory file, with defaults for what it leaves out. */
export type Directory = z.output<typeof DirectoryFile>;
export type DirectoryOrg = Directory['accounts'][number]['orgs'][number];
