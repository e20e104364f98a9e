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

/** The OpenAPI document of the whole API. */
export function createOpenApiDocument() {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Cross-Org Visibility API',
      version: '2.0.0',
      description:
        'Connections through which a source organization shares observability data with a destination (sink) organization of the same account. ' +
        "The calls under /api/v1 and /api/v2 speak Datadog's public wire format, so that official clients work unchanged; what goes beyond it lives in `extensions`.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [
      {
        name: 'Org Connections',
        description: 'Share data with another organization, and see what is shared.',
      },
      {
        name: 'Restriction Policies',
        description: 'Which roles, teams and users may query the data of a connection, and change it.',
      },
      {
        name: 'Logs Restriction Queries',
        description: 'Which logs the holders of a role may see.',
      },
      { name: 'Datasets', description: 'Data that only some roles and teams may see.' },
      {
        name: 'Queries',
        description:
          'Metrics and events of the organization, or of one that is connected to it, in formulas. See docs/queries.md.',
      },
      { name: 'Organizations', description: "The account's organizations." },
      { name: 'Users', description: "Who is asking, and the organization's users." },
      { name: 'Roles', description: 'What users are permitted.' },
      { name: 'Teams', description: 'Groups of users.' },
      {
        name: 'Keys',
        description: 'What programs prove with who they are. A key is shown once, when it is created.',
      },
      {
        name: 'Intake',
        description:
          'Where telemetry comes in: of a request all is kept, or nothing. An API key alone names the organization whose it is. ' +
          'Bodies may be packed (`Content-Encoding: gzip` or `deflate`), and have at most 5 MB unpacked.',
      },
      {
        name: 'Console',
        description: 'What the console needs besides: sessions of people. Not for programs.',
      },
    ],
    components: {
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'DD-API-KEY', description: 'Names the organization.' },
        applicationKey: {
          type: 'apiKey',
          in: 'header',
          name: 'DD-APPLICATION-KEY',
          description: 'Names a user of that organization; its scopes may narrow what the user may do.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'cross-org-visibility.session_token',
          description:
            `A signed-in person; the header ${ORGANIZATION_HEADER} names the organization. ` +
            `The header ${PERSON_HEADER} has the \`person.id\` that the page has read: required unless the method is GET, ` +
            '403 if another person is signed in by now. Over https the name of the cookie begins with __Secure-.',
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
