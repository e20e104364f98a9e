import type { KyselyPlugin, QueryId, RootOperationNode } from 'kysely';
import { vi } from 'vitest';
import type { Database } from '../../src/server/db/database.ts';
import { SOON } from './time-factor.ts';

interface WatchedDatabase {
  database: Database;
  /** Queries that were sent, as JSON of their syntax trees. */
  sent: readonly string[];
  /** Runs the work and waits until a query of it that matches is sent to the database, or has been answered. */
  until: <Result>(
    event: 'sent' | 'answered',
    pattern: RegExp,
    work: () => Promise<Result>,
  ) => Promise<Waiting<Result>>;
}

/** Work that goes on; in an object, because a promise of a promise would wait for it. */
interface Waiting<Result> {
  result: Promise<Result>;
}

/** Lets a test wait for a query, where it would otherwise sleep. */
export function watchQueries(database: Database): WatchedDatabase {
  const nodes = new WeakMap<QueryId, RootOperationNode>();
  const seen = { sent: [] as string[], answered: [] as string[] };
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      nodes.set(queryId, node);
      seen.sent.push(JSON.stringify(node));
      return node;
    },
    async transformResult({ result, queryId }) {
      seen.answered.push(JSON.stringify(nodes.get(queryId)));
      return result;
    },
  };
  return {
    sent: seen.sent,
    database: {
      ...database,
      db: database.db.withPlugin(plugin),
      telemetryDb: database.telemetryDb.withPlugin(plugin),
    },
    async until(event, pattern, work) {
      const count = () => seen[event].filter((query) => pattern.test(query)).length;
      const before = count();
      const result = work();
      await vi.waitUntil(() => count() > before, { ...SOON, interval: 5 });
      return { result };
    },
  };
}
