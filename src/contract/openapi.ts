import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { describeAccess } from './access/openapi.ts';
import { describeCi } from './ci/openapi.ts';
import { describeCompletion } from './completion/openapi.ts';
import { describeConsole } from './console/openapi.ts';
import { describeDatasets } from './datasets/openapi.ts';
import { describeKeys } from './keys/openapi.ts';
import { describeLogs } from './logs/openapi.ts';
import { describeOrgConnections } from './org-connections/openapi.ts';
import { describeOrgs } from './orgs/openapi.ts';
import { describeQueries } from './queries/openapi.ts';
import { describeRestrictionPolicies } from './restriction-policies/openapi.ts';
import { describeRestrictionQueries } from './restriction-queries/openapi.ts';
import { describeRoles } from './roles/openapi.ts';
import { describeSeries } from './series/openapi.ts';
import { describeTeams } from './teams/openapi.ts';
import { describeUsers } from './users/openapi.ts';
import { ORGANIZATION_HEADER, PERSON_HEADER } from './paths.ts';

/** Returns the OpenAPI document of the whole API. */
export function createOpenApiDocument() {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Cross-Org Visibility API',
      version: '2.0.0',
      description:
        'Connections through which a source organization shares observability data with a destination (sink) organization of the same account. ' +
        "The calls under /api/v1 and /api/v2 speak Datadog's public wire format, so that official clients work unchanged; members beyond it are in `extensions`.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [
      {
        name: 'Org Connections',
        description: 'Share data with other organizations, and list the connections.',
      },
      {
        name: 'Restriction Policies',
        description: 'Limit which roles, teams and users may query the data of a connection or change it.',
      },
      {
        name: 'Logs Restriction Queries',
        description: 'Limit which logs the users with a role may see.',
      },
      { name: 'Datasets', description: 'Data that only some roles and teams may see.' },
      {
        name: 'Queries',
        description:
          'Query metrics and events of your organization or of connected ones, with formulas. See docs/queries.md.',
      },
      { name: 'Organizations', description: "The account's organizations." },
      { name: 'Users', description: "The caller, and the organization's users." },
      { name: 'Roles', description: 'Sets of permissions for users.' },
      { name: 'Teams', description: 'Groups of users.' },
      {
        name: 'Keys',
        description: 'Credentials of programs. A key is shown once, when it is created.',
      },
      {
        name: 'Intake',
        description:
          'Send telemetry. Requests are atomic. The API key identifies the organization; no application key is needed. ' +
          'Bodies may be compressed (`Content-Encoding: gzip` or `deflate`), and have at most 5 MB uncompressed.',
      },
      {
        name: 'Console',
        description: 'Internal calls of the console, with a session. Not for programs.',
      },
    ],
    components: {
      securitySchemes: {
        apiKey: {
          type: 'apiKey',
          in: 'header',
          name: 'DD-API-KEY',
          description: 'Identifies the organization.',
        },
        applicationKey: {
          type: 'apiKey',
          in: 'header',
          name: 'DD-APPLICATION-KEY',
          description: "Identifies a user of the organization. Its scopes can limit the user's permissions.",
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'cross-org-visibility.session_token',
          description:
            `Identifies the signed-in person. The header ${ORGANIZATION_HEADER} names the organization. ` +
            `The header ${PERSON_HEADER} has the \`person.id\` that the page was rendered for. It is required unless the method is GET; ` +
            '403 if another person is signed in. Over HTTPS the name of the cookie begins with __Secure-.',
        },
      },
    },
    paths: describePaths(),
  });
}

function describePaths(): ZodOpenApiPathsObject {
  return {
    ...describeOrgConnections(),
    ...describeRestrictionPolicies(),
    ...describeOrgs(),
    ...describeUsers(),
    ...describeRoles(),
    ...describeKeys(),
    ...describeConsole(),
    ...describeCompletion(),
    ...describeAccess(),
    ...describeQueries(),
    ...describeRestrictionQueries(),
    ...describeDatasets(),
    ...describeSeries(),
    ...describeLogs(),
    ...describeCi(),
    ...describeTeams(),
  };
}
