import { describe, expect, it } from 'vitest';
import type { PermissionName } from '../../src/contract/permissions/constants.ts';
import type { Principal } from '../../src/contract/restriction-policies/constants.ts';
import type { Policy } from '../../src/rules/access.ts';
import {
  decidePolicy,
  parseBindings,
  parseResource,
  type WantedBindings,
} from '../../src/rules/restriction-policies.ts';

const ID = '11111111-1111-4111-8111-111111111111';

describe('the resource of a policy', () => {
  it.each([
    [`cross-org-connection:${ID}`, { type: 'cross-org-connection', id: ID }],
    [`cross-org-connection:${ID.toUpperCase()}`, { type: 'cross-org-connection', id: ID }],
    ['dashboard:abc-def-ghi', { type: 'dashboard', id: 'abc-def-ghi' }],
    ['notebook:123456', { type: 'notebook', id: '123456' }],
  ])('%s', (text, resource) => {
    expect(parseResource(text)).toEqual(resource);
  });

  it.each([
    ['malformed', "Invalid resource: 'malformed' is not in a valid format"],
    ['', "Invalid resource: '' is not in a valid format"],
    ['dashboard:', "Invalid resource: 'dashboard:' is not in a valid format"],
    [`:${ID}`, `Invalid resource: ':${ID}' is not in a valid format`],
    ['cross-org-connection:1', "Invalid resource: 'cross-org-connection:1' is not in a valid format"],
    [`foo:${ID}`, "Invalid resource type: 'foo' does not support restriction policies"],
  ])('is not %s', (text, message) => {
    expect(() => parseResource(text)).toThrow(message);
  });
});

describe('the bindings of a policy', () => {
  it.each<[string, WantedBindings, Policy | undefined]>([
    ['none are no policy', [], undefined],
    [
      'a policy without principals is in force',
      [{ relation: 'editor', principals: [] }],
      [{ relation: 'editor', principals: [] }],
    ],
    [
      'each relation stands once, each principal once in it, its id in lower case',
      [
        { relation: 'editor', principals: [`role:${ID}`, `role:${ID.toUpperCase().replaceAll('1', 'A')}`] },
        { relation: 'viewer', principals: [`org:${ID}`] },
        { relation: 'editor', principals: [`role:${ID}`, `team:${ID}`] },
      ],
      [
        { relation: 'editor', principals: [`role:${ID}`, `role:${ID.replaceAll('1', 'a')}`, `team:${ID}`] },
        { relation: 'viewer', principals: [`org:${ID}`] },
      ],
    ],
  ])('%s', (_, wanted, policy) => {
    expect(parseBindings(wanted)).toEqual(policy);
  });

  it.each([
    [
      `foo:${ID}`,
      `Invalid request: [PrincipalTypeInvalidForRelation] principal "foo:${ID}" is not supported by "editor" relation, supported types: "org, role, team, user"`,
    ],
    ['role', 'Invalid request: this organization has no principal "role"'],
    ['role:1', 'Invalid request: this organization has no principal "role:1"'],
    ['user:', 'Invalid request: this organization has no principal "user:"'],
  ])('refuse %s', (principal, message) => {
    expect(() => parseBindings([{ relation: 'editor', principals: [principal] }])).toThrow(message);
  });
});

describe('a new policy', () => {
  const resource = { type: 'cross-org-connection', id: ID } as const;
  const me: Principal[] = ['org:1', 'role:1', 'team:1', 'user:1'];
  const mine: Policy = [{ relation: 'editor', principals: ['role:1'] }];
  const others: Policy = [
    { relation: 'viewer', principals: ['org:1'] },
    { relation: 'editor', principals: ['role:2'] },
  ];
  const noPrincipals: Policy = [];
  const WRITE: PermissionName[] = ['org_connections_write'];
  const GUARD: PermissionName[] = ['user_access_manage'];
  const notEditor = `you are not an editor of cross-org-connection:${ID} under its restriction policy`;
  const lockout = /would lock you out/;

  it.each<
    [string, PermissionName[], Policy | undefined, Policy | undefined, boolean, string | RegExp | undefined]
  >([
    ['by a writer, of what is open', WRITE, undefined, mine, false, undefined],
    ['by a writer who is an editor', WRITE, mine, mine, false, undefined],
    ['by a writer who is an editor, for none', WRITE, mine, undefined, false, undefined],
    ['by a writer who is no editor', WRITE, others, mine, false, notEditor],
    ['by a writer who is no editor, for none', WRITE, others, undefined, false, notEditor],
    ['by a writer, when all editors have vanished', WRITE, noPrincipals, mine, false, notEditor],
    ['by a writer who would lock themself out', WRITE, mine, others, false, lockout],
    ['by a writer who says that they mean to', WRITE, mine, others, true, lockout],
    ['by a writer, without principals', WRITE, undefined, noPrincipals, true, lockout],
    ['by a guardian who is no editor', GUARD, others, mine, false, undefined],
    ['by a guardian, when all editors have vanished', GUARD, noPrincipals, undefined, false, undefined],
    ['by a guardian who would not be an editor', GUARD, mine, others, false, lockout],
    ['by a guardian who says that they mean to', GUARD, mine, others, true, undefined],
    [
      'by a guardian, without principals, with allow_self_lockout',
      GUARD,
      mine,
      noPrincipals,
      true,
      undefined,
    ],
    [
      'by a reader',
      ['org_connections_read'],
      undefined,
      mine,
      false,
      'The permission org_connections_write is required',
    ],
    [
      'by a reader who is an editor',
      ['org_connections_read'],
      mine,
      mine,
      true,
      'The permission org_connections_write is required',
    ],
  ])('%s', (_, permissions, current, next, allowSelfLockout, refusal) => {
    const decide = () =>
      decidePolicy(
        { permissions: new Set(permissions), principals: new Set(me) },
        resource,
        current,
        next,
        allowSelfLockout,
      );
    if (refusal === undefined) decide();
    else expect(decide).toThrow(refusal);
  });

  it.each<[string, Principal]>([
    ['the organization', 'org:1'],
    ['a role', 'role:1'],
    ['a team', 'team:1'],
    ['themself', 'user:1'],
  ])('leaves its author an editor through %s', (_, principal) => {
    const who = { permissions: new Set(WRITE), principals: new Set(me) };
    decidePolicy(who, resource, undefined, [{ relation: 'editor', principals: [principal] }], false);
    expect(() =>
      decidePolicy(who, resource, undefined, [{ relation: 'viewer', principals: [principal] }], false),
    ).toThrow(lockout);
  });
});
