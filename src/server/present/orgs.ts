import type { OrgResource } from '../../contract/orgs/schema.ts';
import type { OrgRow } from '../store/orgs.ts';

/** Returns an organization. `destinations` is present only for the caller's own organization. */
export function presentOrg(row: OrgRow, destinations?: { used: number; max: number | null }): OrgResource {
  return {
    type: 'orgs',
    id: row.id,
    attributes: {
      public_id: row.public_id,
      name: row.name,
      description: row.description,
      sharing: 'none',
      url: '',
      disabled: false,
      created_at: row.created_at,
      modified_at: row.modified_at,
      extensions: {
        site: row.site,
        hipaa: row.hipaa,
        cross_org_visibility: row.cross_org_visibility,
        ...(destinations && { destinations_used: destinations.used, max_destinations: destinations.max }),
      },
    },
  };
}
