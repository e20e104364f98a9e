/** Paths of the API, for the server, the console and the OpenAPI document. */
export const PATHS = {
  orgConnections: '/api/v2/org_connections',
  managedOrgs: '/api/v2/org',
  organizations: '/api/v1/org',
  validate: '/api/v1/validate',
  currentUser: '/api/v2/current_user',
  permissions: '/api/v2/permissions',
  restrictionPolicies: '/api/v2/restriction_policy',
  restrictionQueries: '/api/v2/logs/config/restriction_queries',
  datasets: '/api/v2/datasets',
  users: '/api/v2/users',
  roles: '/api/v2/roles',
  teams: '/api/v2/team',
  queries: '/api/v2/query',
  metrics: '/api/v1/metrics',
  metricTags: '/api/v2/metrics',
  apiKeys: '/api/v2/api_keys',
  applicationKeys: '/api/v2/current_user/application_keys',
  series: '/api/v2/series',
  logs: '/api/v2/logs',
  ciPipelines: '/api/v2/ci/pipeline',
  ciTests: '/api/v2/events/ci_tests',
  session: '/api/console/session',
  principals: '/api/console/principals',
  access: '/api/console/access',
  facets: '/api/console/facets',
  signInMethods: '/api/console/sign-in-methods',
  singleSignOn: '/api/console/oidc/start',
  singleSignOnCallback: '/api/console/oidc/callback',
  invitation: '/api/console/invitation',
  invitationAcceptance: '/api/console/invitation/acceptance',
  demoPeople: '/api/console/demo-people',
  demoSession: '/api/console/demo-session',
  openapi: '/api/openapi.json',
  docs: '/api/docs',
} as const;

/** Header with the organization of a console request. Programs do not send it: their API key identifies the organization. */
export const ORGANIZATION_HEADER = 'X-Organization-Id';

/**
 * Header with the id of the person that the page of a console request was rendered for. All tabs of a browser share one
 * session, so the signed-in person may have changed since then.
 */
export const PERSON_HEADER = 'X-Person-Id';
/** Header with the id of a request, which its log lines have. */
export const REQUEST_ID_HEADER = 'X-Request-Id';

/** Page size of users, roles, teams and memberships, as in Datadog. */
export const DEFAULT_PAGE_SIZE = 10;
export const MAX_PAGE_SIZE = 100;

/** Default and maximum `limit` of the connection list. */
export const MAX_PAGE_LIMIT = 1000;
