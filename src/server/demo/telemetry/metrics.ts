import type { SeriesPoints } from '../../store/metric-points.ts';
import { noise, wandering } from './noise.ts';
import { hostsOf, loadOf, type Service, tagsOf, troubleOf, type World } from './world.ts';

const MINUTE = 60_000;

/** Metric that every organization has, by service. Examples in docs/queries.md use it. */
export const EVENTS_METRIC = 'datadog.estimated_usage.events.ingested_events';

/** Measurements of a service at a time. */
interface Measured {
  requests: number;
  ingestedEvents: number;
  seconds: number;
  waiting: number;
  /** CPU usage of its hosts, in percent. */
  cpu: number;
}

/** Generates all series of an organization, with a point per minute after `from` until `to`. */
export function demoMetrics(org: string, world: World, from: number, to: number): SeriesPoints[] {
  const times = minutesAfter(from, to);
  return world.services.flatMap((service) => {
    const measured = times.map((time) => ({ time, ...measure(org, world, service, time) }));
    const tags = tagsOf(world, service);
    const series = (
      metric: string,
      type: 'count' | 'gauge',
      value: (one: Measured & { time: number }) => number,
      moreTags: readonly string[] = [],
    ): SeriesPoints => ({
      metric,
      type,
      intervalSeconds: type === 'count' ? MINUTE / 1000 : 0,
      tags: [...tags, ...moreTags].toSorted(),
      points: measured.map((one) => ({ time: one.time, value: value(one) })),
    });
    return [
      series(EVENTS_METRIC, 'count', ({ ingestedEvents }) => ingestedEvents),
      series('http.requests', 'count', ({ requests }) => requests),
      series('http.request.duration', 'gauge', ({ seconds }) => seconds),
      ...(service.queue === undefined
        ? []
        : [series('queue.depth', 'gauge', ({ waiting }) => waiting, [`queue:${service.queue}`])]),
      ...hostsOf(world, service).map((host) =>
        series('system.cpu.user', 'gauge', ({ time, cpu }) => cpuOf(host, time, cpu), [`host:${host}`]),
      ),
    ];
  });
}

function measure(org: string, world: World, service: Service, time: number): Measured {
  const { name, peak, latency } = service;
  const load = loadOf(org, world, time) * (0.85 + 0.3 * wandering(time, 7 * MINUTE, org, name, 'load'));
  const trouble = troubleOf(org, name, time);
  const jitter = (what: string, width: number) => 1 - width / 2 + width * noise(org, name, what, time);
  const requests = Math.round(peak * load * (1 - 0.35 * trouble) * jitter('requests', 0.12));
  return {
    requests,
    ingestedEvents: Math.round(requests * 1.7 * (1 + trouble) * jitter('events', 0.1)),
    seconds: rounded(latency * (0.8 + 0.5 * load + 4 * trouble) * jitter('seconds', 0.2), 4),
    waiting: Math.round((peak / 20) * load * jitter('waiting', 0.6) + peak * 3 * trouble),
    cpu: 6 + 52 * load + 28 * trouble,
  };
}

function cpuOf(host: string, time: number, cpu: number): number {
  const wander = 10 * wandering(time, 5 * MINUTE, host, 'cpu') + 3 * noise(host, 'cpu', time) - 6;
  return rounded(Math.min(99, Math.max(1, cpu + wander)), 2);
}

function minutesAfter(from: number, to: number): number[] {
  const times: number[] = [];
  for (let time = (Math.floor(from / MINUTE) + 1) * MINUTE; time <= to; time += MINUTE) times.push(time);
  return times;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
