import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { createMiddleware } from 'hono/factory';
import type { Logger } from 'pino';
import { PATHS } from '../contract/paths.ts';
import { detail, DomainError } from '../rules/errors.ts';
import type { AppEnv, Dependencies } from './http/env.ts';
import { errorResponse, respondToError } from './http/errors.ts';
import { logRequests } from './http/request-log.ts';
import { measureRequests } from './http/request-metrics.ts';
import { createTelemetryReads } from './http/telemetry-reads.ts';
import { sessionToken } from './identity/sessions.ts';
import { setSecurityHeaders } from './http/security-headers.ts';
import { access } from './routes/access.ts';
import { completion } from './routes/completion.ts';
import { consoleSession } from './routes/console.ts';
import { consoleFiles } from './routes/console-files.ts';
import { currentUser } from './routes/current-user.ts';
import { datasets } from './routes/datasets.ts';
import { docs } from './routes/docs.ts';
import { health } from './routes/health.ts';
import { intake } from './routes/intake.ts';
import { invitations } from './routes/invitations.ts';
import { apiKeys, applicationKeys } from './routes/keys.ts';
import { metricsRoute } from './routes/metrics.ts';
import { orgConnections } from './routes/org-connections.ts';
import { orgs } from './routes/orgs.ts';
import { queries } from './routes/queries.ts';
import { restrictionPolicies } from './routes/restriction-policies.ts';
import { restrictionQueries } from './routes/restriction-queries.ts';
import { roles } from './routes/roles.ts';
import { teams } from './routes/teams.ts';
import { singleSignOnRoutes } from './routes/single-sign-on.ts';
import { users } from './routes/users.ts';

/** Creates the app that serves while the server starts: it answers health checks, and 503 to all other requests. */
export function createStartingApp(log: Logger): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ strict: false }).use(logRequests(log));
  app.onError(respondToError);
  app.route('/', health({ checkReady: async () => refuseUntilStarted() }));
  return app.all('*', () => refuseUntilStarted());
}

function refuseUntilStarted(): never {
  throw new DomainError('unavailable', 'server_starting');
}

const MAX_BODY_BYTES = 1024 * 1024;

/** Creates the app: a function from Request to Response. */
export function createApp(dependencies: Dependencies): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ strict: false });
  const readTelemetry = createTelemetryReads(dependencies);
  app.onError(respondToError);
  app.notFound((c) => errorResponse(c, 404, detail('path_unknown')));

  app.use(logRequests(dependencies.log));
  if (dependencies.metrics) app.use(measureRequests(dependencies.metrics));
  app.use(setSecurityHeaders(dependencies));
  app.use(compress());
  app.route('/', health(dependencies));
  app.route('/', metricsRoute(dependencies));

  app.route('/', docs());
  app.use('/api/*', forbidCaching);
  app.use('/api/*', recognizeConsole(dependencies));
  // Before the general body limit, because intake has its own.
  app.route('/', intake(dependencies));
  app.use('/api/*', limitBody);
  app.route('/', consoleSession(dependencies));
  app.route('/', singleSignOnRoutes(dependencies));
  app.route('/', invitations(dependencies));
  app.route('/', orgs(dependencies));
  app.route('/', access(dependencies));
  app.route('/', completion(dependencies, readTelemetry));
  app.route('/', currentUser(dependencies));
  app.route(PATHS.users, users(dependencies));
  app.route(PATHS.roles, roles(dependencies));
  app.route(PATHS.teams, teams(dependencies));
  app.route(PATHS.orgConnections, orgConnections(dependencies));
  app.route(PATHS.restrictionPolicies, restrictionPolicies(dependencies));
  app.route(PATHS.queries, queries(dependencies, readTelemetry));
  app.route(PATHS.restrictionQueries, restrictionQueries(dependencies));
  app.route(PATHS.datasets, datasets(dependencies));
  app.route(PATHS.apiKeys, apiKeys(dependencies));
  app.route(PATHS.applicationKeys, applicationKeys(dependencies));
  app.all('/api/*', (c) => c.notFound());

  if (dependencies.consoleFolder) app.route('/', consoleFiles(dependencies.consoleFolder));
  return app;
}

// Set headers before the handlers run; after them, Hono would build each response a second time.
const forbidCaching = createMiddleware<AppEnv>(async (c, next) => {
  c.header('Cache-Control', 'no-store');
  await next();
});

/** Recognizes requests of the console: with its cookie or on its own paths, and without keys. */
function recognizeConsole(dependencies: Dependencies) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const hasKeys = ['DD-API-KEY', 'DD-APPLICATION-KEY'].some((name) => c.req.header(name) !== undefined);
    const isConsole = c.req.path.startsWith('/api/console/') || sessionToken(c, dependencies) !== undefined;
    c.set('isFromConsole', isConsole && !hasKeys);
    await next();
  });
}

const limitBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw new DomainError('too_large', 'body_too_large', { megabytes: 1 });
  },
});
