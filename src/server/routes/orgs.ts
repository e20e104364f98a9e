import { Hono } from 'hono';
import type { ManagedOrgsResponse, OrganizationListResponse } from '../../contract/orgs/schema.ts';
import { PATHS } from '../../contract/paths.ts';
import { snapshot } from '../db/scope.ts';
import { authenticate, authenticateApiKey } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { countDestinations, listOrgs } from '../store/orgs.ts';
import { presentOrg } from '../present/orgs.ts';

/** The account's organizations, in both API versions, and the validation of API keys. */
export function orgs(dependencies: Dependencies) {
  const { db } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .get(PATHS.validate, authenticateApiKey(dependencies), (c) => c.json({ valid: true }))

    .get(PATHS.managedOrgs, authenticate(dependencies), async (c) => {
      const { actor } = c.var;
      const [rows, destinations] = await snapshot(db, actor, async (db) => [
        await listOrgs(db),
        await countDestinations(db, actor.orgId),
      ]);
      return c.json({
        data: {
          type: 'managed_orgs',
          id: actor.orgId,
          relationships: {
            current_org: { data: { type: 'orgs', id: actor.orgId } },
            managed_orgs: { data: rows.map(({ id }) => ({ type: 'orgs', id })) },
          },
        },
        included: rows.map((row) =>
          row.id === actor.orgId ? presentOrg(row, destinations) : presentOrg(row),
        ),
      } satisfies ManagedOrgsResponse);
    })

    .get(PATHS.organizations, authenticate(dependencies), async (c) => {
      const rows = await snapshot(db, c.var.actor, listOrgs);
      return c.json({
        orgs: rows.map((row) => ({
          public_id: row.public_id,
          name: row.name,
          description: row.description,
          created: row.created_at,
          billing: { type: '' },
          subscription: { type: '' },
          settings: NO_SETTINGS,
          trial: false,
        })),
      } satisfies OrganizationListResponse);
    });
}

/** Further properties of the v1 model, which this product cannot change. */
const NO_SETTINGS = {
  private_widget_share: false,
  saml: { enabled: false },
  saml_autocreate_access_role: null,
  saml_autocreate_users_domains: { domains: [], enabled: false },
  saml_can_be_enabled: false,
  saml_idp_endpoint: '',
  saml_idp_initiated_login: { enabled: false },
  saml_idp_metadata_uploaded: false,
  saml_login_url: '',
  saml_strict_mode: { enabled: false },
};
