import type { Context } from 'hono';
import type { Logger } from 'pino';
import type { DemoPeople } from '../../contract/console/schema.ts';
import type { Actor } from '../../rules/access.ts';
import type { Retention } from '../../rules/telemetry/retention.ts';
import type { Db, Scope } from '../db/scope.ts';
import type { SingleSignOn } from '../identity/single-sign-on.ts';

/** Everything that the app needs from outside itself. */
export interface Dependencies {
  db: Db;
  /** Cancels what a connection of the database runs; undefined: the database cannot. */
  cancelBackend: ((processId: number) => Promise<void>) | undefined;
  /** How long a request for telemetry may take, in milliseconds. */
  queryTimeoutMs: number;
  /** How many requests may read telemetry at once; others wait. */
  concurrentQueries: number;
  /** Whether password sign-in is on. */
  passwordSignIn: boolean;
  /** The provider that vouches for people, if there is one. */
  singleSignOn: SingleSignOn | undefined;
  log: Logger;
  /** The time, in milliseconds since the epoch. */
  now: () => number;
  /** Where browsers reach the console, without a slash at its end. */
  publicUrl: string;
  /** The origins that the console's own pages may have; others' cookie-carrying writes are refused. */
  origins: readonly string[];
  /** The other end of a request's connection; attempts to sign in are counted by it. */
  socketAddress: (c: Context) => string;
  /** Whether the server can do its work, for a load balancer: throws if not. */
  checkReady: () => Promise<void>;
  /** People who may sign in without a password. Empty outside the demo account. */
  demoPeople: DemoPeople['people'];
  /** The folder with the built console, if it is to be served. */
  consoleFolder?: string | undefined;
}

/** What a request carries from one handler to the next. */
export interface AppEnv {
  Variables: {
    log: Logger;
    /** Whether the console sent the request, which then gets the codes of errors beside their English texts. */
    isFromConsole: boolean;
    /** Set by `authenticate`. */
    actor: Actor;
    /** Set by `authenticateApiKey`: whose data a request brings, and for how long they are kept. */
    scope: Scope;
    retention: Retention;
  };
}
