import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Logger } from 'pino';
import type { DemoPeople } from '../../contract/console/schema.ts';
import type { Actor } from '../../rules/access.ts';
import type { Retention } from '../../rules/telemetry/retention.ts';
import type { Db, Scope } from '../db/scope.ts';
import type { Metrics } from './metrics.ts';
import type { RateLimiter } from './rate-limits.ts';
import type { SingleSignOn } from '../identity/single-sign-on.ts';

/** Dependencies of the app. */
export interface Dependencies {
  db: Db;
  /** The database for reads of telemetry. */
  telemetryDb: Db;
  /** Whether users wait after a query that was cut off: on a database that one query can occupy. */
  penalizesCutOffs: boolean;
  /** Cancels the query of a backend process. Undefined: the database cannot cancel queries. */
  cancelBackend: ((processId: number) => Promise<void>) | undefined;
  /** Time limit of a request that reads telemetry, from its turn on, in milliseconds. */
  queryTimeoutMs: number;
  /** Maximum time that a request that reads telemetry waits for its turn, in milliseconds. */
  queryWaitMs: number;
  /** Maximum number of requests that read telemetry at the same time; others wait. */
  concurrentQueries: number;
  /** Maximum number of intake requests that are unpacked and stored at the same time; others wait. */
  concurrentIntake: number;
  /** Whether password sign-in is on. */
  passwordSignIn: boolean;
  /** Single sign-on, if configured. */
  singleSignOn: SingleSignOn | undefined;
  log: Logger;
  /** Returns the current time (epoch ms). */
  now: () => number;
  /** URL of the console, without a trailing slash. */
  publicUrl: string;
  /** Origins of the console's pages. Writes by cookie from other origins are refused. */
  origins: readonly string[];
  rateLimiter: RateLimiter;
  /** Metrics for Prometheus. Undefined: metrics are off. */
  metrics: Metrics | undefined;
  /** Returns the client's address, by which sign-in attempts are counted. */
  clientAddress: (c: Context) => string;
  /** Readiness check for load balancers. Throws if the server cannot serve. */
  checkReady: () => Promise<void>;
  /** Persons who can sign in without a password. Empty outside the demo account. */
  demoPeople: DemoPeople['people'];
  /** Folder of the built console. Undefined: the console is not served. */
  consoleFolder?: string | undefined;
}

/** Variables of a request, passed between handlers. */
export interface AppEnv {
  /** Node's request and response. Absent if the app is called as a function. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    log: Logger;
    /** Whether the request is from the console. Errors then have codes besides English texts. */
    isFromConsole: boolean;
    /** Set by `authenticate`. */
    actor: Actor;
    /** Set by `authenticate`: checks the credentials again, and sets `actor` as it is now. */
    identifyAgain: () => Promise<void>;
    /** Set by `authenticateApiKey` and `authenticateIntake`: the organization that sends telemetry, and its retention. */
    scope: Scope;
    retention: Retention;
  };
}
