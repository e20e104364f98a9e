import { client, v2 } from '@datadog/datadog-api-client';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../../src/contract/restriction-policies/constants.ts';
import { adminKeys, ORG, securityKeys } from '../support/account.ts';
import { configureClient, expectParsed } from '../support/official-client.ts';
import { principalsOf } from '../support/principals.ts';
import { UNKNOWN } from '../support/expected.ts';
import { setUpApp, setUpServer } from '../support/setup-app.ts';

const app = setUpApp();
const server = setUpServer(app);
let security: Record<string, Principal>;
/** What Acme Security shares with Acme Payments, as a policy names it. */
let resourceId: string;
beforeAll(async () => {
  security = await principalsOf(app, 'security');
});
beforeEach(async () => {
  await app.database.db.deleteFrom('org_connection').execute();
  resourceId = `cross-org-connection:${await app.connect('security', 'payments')}`;
});

const policies = (keys = adminKeys('security')) =>
  new v2.RestrictionPoliciesApi(configureClient(server.url, keys));

/** What the client sends to put a policy in force; principals are named by name or email, or as they travel. */
function update(bindings: Record<string, string[]>, id = resourceId) {
  return {
    resourceId: id,
    body: {
      data: {
        type: 'restriction_policy',
        id,
        attributes: {
          bindings: Object.entries(bindings).map(([relation, names]) => ({
            relation,
            principals: names.map((name) => security[name] ?? name),
          })),
        },
      },
    },
  } satisfies v2.RestrictionPoliciesApiUpdateRestrictionPolicyRequest;
}

describe("RestrictionPoliciesApi of Datadog's official client", () => {
  it('reads, writes, replaces and removes a policy', async () => {
    const api = policies();
    const none = await api.getRestrictionPolicy({ resourceId });
    expectParsed(none);
    expect(none.data).toMatchObject({
      type: 'restriction_policy',
      id: resourceId,
      attributes: { bindings: [] },
    });

    const written = await api.updateRestrictionPolicy(
      update({ viewer: ['Acme Security'], editor: ['Admin', 'editor@acme.example'] }),
    );
    expectParsed(written);
    const read = await api.getRestrictionPolicy({ resourceId });
    expectParsed(read);
    expect(read).toEqual(written);
    expect(read.data.attributes.bindings).toEqual([
      { relation: 'editor', principals: [security['Admin'], security['editor@acme.example']] },
      { relation: 'viewer', principals: [security['Acme Security']] },
    ]);

    await api.updateRestrictionPolicy(update({ editor: ['Platform'] }));
    const replaced = await api.getRestrictionPolicy({ resourceId });
    expect(replaced.data.attributes.bindings).toEqual([
      { relation: 'editor', principals: [security['Platform']] },
    ]);

    await api.deleteRestrictionPolicy({ resourceId });
    expect((await api.getRestrictionPolicy({ resourceId })).data.attributes.bindings).toEqual([]);
  });

  it('lets who manages access lock themself out on purpose', async () => {
    const api = policies(securityKeys('guardian'));
    const written = await api.updateRestrictionPolicy({
      ...update({ editor: ['Admin'] }),
      allowSelfLockout: true,
    });
    expectParsed(written);
    expect(written.data.attributes.bindings).toEqual([
      { relation: 'editor', principals: [security['Admin']] },
    ]);
  });

  it.each<[string, () => Promise<unknown>, number, string]>([
    [
      'a malformed resource',
      () => policies().getRestrictionPolicy({ resourceId: 'malformed' }),
      400,
      "Invalid resource: 'malformed' is not in a valid format",
    ],
    [
      'an unknown type',
      () => policies().updateRestrictionPolicy(update({ editor: ['Admin'] }, `foo:${UNKNOWN}`)),
      400,
      "Invalid resource type: 'foo' does not support restriction policies",
    ],
    [
      'an unsupported principal',
      () => policies().updateRestrictionPolicy(update({ editor: [`foo:${UNKNOWN}`] })),
      400,
      `Invalid request: [PrincipalTypeInvalidForRelation] principal "foo:${UNKNOWN}" is not supported by "editor" relation, supported types: "org, role, team, user"`,
    ],
    [
      'a principal of another organization',
      () => policies().updateRestrictionPolicy(update({ editor: ['Admin', `org:${ORG.payments}`] })),
      400,
      `Invalid request: this organization has no principal "org:${ORG.payments}"`,
    ],
    [
      'a lockout',
      () => policies().updateRestrictionPolicy(update({ editor: ['Editor'] })),
      400,
      'Invalid request: the policy would lock you out; name yourself, the organization, or one of your roles or teams as "editor"',
    ],
    [
      'a lockout that an access manager may allow',
      () =>
        policies(securityKeys('editor')).updateRestrictionPolicy({
          ...update({ editor: ['Admin'] }),
          allowSelfLockout: true,
        }),
      400,
      'Invalid request: the policy would lock you out; name yourself, the organization, or one of your roles or teams as "editor"',
    ],
    [
      'a missing permission',
      () => policies(securityKeys('viewer')).deleteRestrictionPolicy({ resourceId }),
      403,
      'The permission org_connections_write is required',
    ],
  ])('is told of %s', async (_, call, code, message) => {
    const error = await call().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(client.ApiException);
    expect(error).toMatchObject({ code, body: { errors: [message] } });
  });

  it('is told of an unknown connection, with a status that its models do not list', async () => {
    const call = policies().deleteRestrictionPolicy({ resourceId: `cross-org-connection:${UNKNOWN}` });
    await expect(call).rejects.toMatchObject({
      code: 404,
      body: expect.stringContaining(`Org connection with id:${UNKNOWN} not found not found`),
    });
  });
});
