import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Connections } from '../db/database.ts';

/**
 * How a request for telemetry ended.
 * - `refused`: by a rule, a limit or a mistake in the query.
 * - `cut_off`: it took too long.
 * - `disconnected`: the client left before the answer.
 * - `waited_too_long`: its turn did not come in time.
 * - `failed`: by any other error.
 */
export type QueryOutcome =
  | 'completed'
  | 'refused'
  | 'cut_off'
  | 'disconnected'
  | 'waited_too_long'
  | 'failed';

/** Kind of ingested items. */
export type IngestedSource = 'points' | 'logs' | 'ci_pipelines' | 'ci_tests';

/** A request that has been answered. */
export interface AnsweredRequest {
  method: string;
  /** Pattern of the route. */
  route: string;
  status: number;
  seconds: number;
  /** Id of the caller's organization. */
  orgId: string | undefined;
}

/** Numbers of requests for telemetry. */
export interface QueryLoad {
  running: number;
  waiting: number;
}

export interface MetricsOptions {
  /** Token that scrapers send. */
  token: string;
  /** Whether counters have the label `org`, the id of the organization. */
  perOrg: boolean;
  /** Returns the current use of database connections. */
  connections: () => Connections;
}

/** Upper bounds of request durations, in seconds. Queries may take 30 s on a database server. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Methods with their own label value: clients can send any other one. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Metrics of one server, for Prometheus (docs/deployment.md). Created once per process: the library's observer of garbage
 * collection cannot be removed. None of its timers keeps the process alive.
 */
export class Metrics {
  readonly token: string;
  readonly #registry = new Registry();
  readonly #perOrg: boolean;
  readonly #durations: Histogram<'method' | 'route' | 'status'>;
  readonly #requests: Counter;
  readonly #rateLimited: Counter;
  readonly #queries: Counter;
  readonly #ingested: Counter;
  readonly #dropped: Counter;

  constructor({ token, perOrg, connections }: MetricsOptions) {
    this.token = token;
    this.#perOrg = perOrg;
    this.#durations = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the arrival of a request to the start of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: DURATION_BUCKETS,
      registers: [this.#registry],
    });
    this.#requests = this.#counter('http_requests_total', 'Answered requests.', 'status', 'org');
    this.#rateLimited = this.#counter('rate_limited_requests_total', 'Requests that were answered with 429.');
    this.#queries = this.#counter(
      'telemetry_queries_total',
      'Requests for telemetry, by how they ended.',
      'outcome',
      'org',
    );
    this.#ingested = this.#counter(
      'ingested_items_total',
      'Stored metric points, logs and CI events.',
      'source',
      'org',
    );
    this.#dropped = this.#counter(
      'dropped_items_total',
      'Losses of accepted intake requests: dropped items, and truncated or dropped parts of items.',
      'reason',
    );
    this.#gauge(
      'database_connections',
      'Open connections (total), those not in use (idle), and requests for a connection that wait (waiting).',
      (gauge) => {
        for (const [state, count] of Object.entries(connections())) gauge.set({ state }, count);
      },
      'state',
    );
    collectDefaultMetrics({ register: this.#registry });
  }

  answered({ method, route, status, seconds, orgId = '' }: AnsweredRequest): void {
    const labels = { method: METHODS.has(method) ? method : 'other', route, status: String(status) };
    this.#durations.observe(labels, seconds);
    this.#requests.inc({ status: labels.status, ...this.#orgLabel(orgId) });
    if (status === 429) this.#rateLimited.inc();
  }

  /** Reads the numbers of running and waiting requests for telemetry at each scrape. */
  watchQueries(load: () => QueryLoad): void {
    this.#gauge('telemetry_queries_running', 'Requests for telemetry that are running.', (gauge) =>
      gauge.set(load().running),
    );
    this.#gauge('telemetry_queries_waiting', 'Requests for telemetry that wait for their turn.', (gauge) =>
      gauge.set(load().waiting),
    );
  }

  queryEnded(outcome: QueryOutcome, orgId: string): void {
    this.#queries.inc({ outcome, ...this.#orgLabel(orgId) });
  }

  ingested(source: IngestedSource, count: number, orgId: string): void {
    this.#ingested.inc({ source, ...this.#orgLabel(orgId) }, count);
  }

  /** Counts losses, by reason. */
  dropped(counts: Readonly<Record<string, number>>): void {
    for (const [reason, count] of Object.entries(counts)) this.#dropped.inc({ reason }, count);
  }

  /** Returns all metrics in the text format of Prometheus. */
  async text(): Promise<{ text: string; contentType: string }> {
    return { text: await this.#registry.metrics(), contentType: this.#registry.contentType };
  }

  /** Creates a counter. The label `org` is left out unless counters are per organization. */
  #counter(name: string, help: string, ...labels: string[]): Counter {
    const labelNames = labels.filter((label) => label !== 'org' || this.#perOrg);
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  /** Creates a gauge that is read at each scrape. */
  #gauge(name: string, help: string, read: (gauge: Gauge) => void, ...labelNames: string[]): void {
    const gauge: Gauge = new Gauge({ name, help, labelNames, registers: [], collect: () => read(gauge) });
    this.#registry.registerMetric(gauge);
  }

  #orgLabel(orgId: string): { org?: string } {
    return this.#perOrg ? { org: orgId } : {};
  }
}
