import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { CiPipelineEvent, CiTestEvent, MAX_CI_EVENTS } from '../../contract/ci/schema.ts';
import { LogIntakeQuery, MAX_LOGS } from '../../contract/logs/schema.ts';
import { PATHS } from '../../contract/paths.ts';
import { type IntakePayloadAccepted, LenientSeries, MAX_POINTS } from '../../contract/series/schema.ts';
import type { BodyEntries } from '../../rules/error-messages.ts';
import { DomainError, errorMessage, invalidField } from '../../rules/errors.ts';
import { isObject } from '../../rules/json.ts';
import { readPipelineEvent, readTestEvent } from '../../rules/telemetry/ci.ts';
import { readLog } from '../../rules/telemetry/logs.ts';
import { Losses } from '../../rules/telemetry/losses.ts';
import { intakeWindow } from '../../rules/telemetry/retention.ts';
import { readSeries } from '../../rules/telemetry/series.ts';
import { authenticateIntake, recheckIntakeKey } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import type { IngestedSource } from '../http/metrics.ts';
import { createIntakeTurns } from '../http/intake-turns.ts';
import { limitIntakeBody, readIntakeJson, readIntakeLines } from '../http/intake-body.ts';
import { parse, readQuery } from '../http/validate.ts';
import { digestId } from '../store/digest-id.ts';
import { ingestEvents, ingestPoints } from '../telemetry/ingest.ts';
import { readItems } from '../telemetry/read-items.ts';

const SeriesEnvelope = z.object({ series: z.array(z.unknown()) });
const EventsEnvelope = z.object({ data: z.unknown() });

/**
 * Telemetry intake. The API key identifies the organization. Whatever can be stored is stored in one transaction; the rest is
 * dropped and counted in the log, because agents do not repeat a request that is refused.
 */
export function intake(dependencies: Dependencies) {
  const { db, now, metrics } = dependencies;
  /** Counts stored items; counts and logs what was dropped. */
  function record(c: Context<AppEnv>, source: IngestedSource, count: number, losses: Losses): void {
    metrics?.ingested(source, count, c.var.scope.orgId);
    metrics?.dropped(losses.counts);
    logLosses(c, losses);
  }
  const turns = createIntakeTurns(dependencies);
  const admit = [
    authenticateIntake(dependencies),
    turns.admit,
    limitIntakeBody,
    recheckIntakeKey(dependencies),
    turns.take,
  ] as const;
  return new Hono<AppEnv>({ strict: false })
    .post(PATHS.series, ...admit, async (c) => {
      const { scope, retention } = c.var;
      const { series } = parse(SeriesEnvelope, await readIntakeJson(c));
      requireAtMost(MAX_POINTS, 'points', countPoints(series));
      const window = intakeWindow('metrics', retention, now());
      const losses = new Losses();
      const read = await readItems('series', series, losses, (item, lose) =>
        readSeries(parse(LenientSeries, item), window, lose),
      );
      await ingestPoints(db, scope, read);
      record(c, 'points', countPoints(read), losses);
      return c.json({ errors: losses.described.map(errorMessage) } satisfies IntakePayloadAccepted, 202);
    })

    .post(PATHS.logs, ...admit, async (c) => {
      const { scope, retention } = c.var;
      const defaults = readQuery(c, LogIntakeQuery);
      const items = await readIntakeLines(c, MAX_LOGS);
      requireAtMost(MAX_LOGS, 'logs', items.length);
      const window = intakeWindow('logs', retention, now());
      const losses = new Losses();
      const logs = await readItems('', items, losses, (item, lose) =>
        readLog(logMembers(item), defaults, window, lose),
      );
      await ingestEvents(
        db,
        scope,
        logs.map((log) => ({ ...log, source: 'logs', id: randomUUID() })),
      );
      record(c, 'logs', logs.length, losses);
      return c.json({}, 202);
    })

    .post(PATHS.ciPipelines, ...admit, async (c) => {
      const { scope, retention } = c.var;
      const data = await readEvents(c);
      const window = intakeWindow('ci_pipelines', retention, now());
      const losses = new Losses();
      const events = await readItems('data', data, losses, (item, lose) =>
        readPipelineEvent(parse(CiPipelineEvent, item).attributes, window, lose),
      );
      await ingestEvents(
        db,
        scope,
        events.map(({ identity, ...event }) => ({
          ...event,
          source: 'ci_pipelines',
          id: digestId(identity),
        })),
      );
      record(c, 'ci_pipelines', events.length, losses);
      return c.json({}, 202);
    })

    .post(PATHS.ciTests, ...admit, async (c) => {
      const { scope, retention } = c.var;
      const data = await readEvents(c);
      const window = intakeWindow('ci_tests', retention, now());
      const losses = new Losses();
      const events = await readItems('data', data, losses, (item, lose) => {
        const { id, attributes } = parse(CiTestEvent, item);
        const event = readTestEvent(attributes, window, lose);
        return event && { ...event, id: id === undefined ? randomUUID() : digestId(id) };
      });
      await ingestEvents(
        db,
        scope,
        events.map((event) => ({ ...event, source: 'ci_tests' })),
      );
      record(c, 'ci_tests', events.length, losses);
      return c.json({}, 202);
    });
}

/** Reads the events of a request: one, or a list. */
async function readEvents(c: Context): Promise<unknown[]> {
  const { data } = parse(EventsEnvelope, await readIntakeJson(c));
  const events = Array.isArray(data) ? data : [data];
  requireAtMost(MAX_CI_EVENTS, 'events', events.length);
  return events;
}

/** Returns the members of a log. A text is a log with this message. Throws the error of a line that could not be read. */
function logMembers(item: unknown): Readonly<Record<string, unknown>> {
  if (typeof item === 'string') return { message: item };
  if (item instanceof DomainError) throw item;
  if (isObject(item)) return item;
  throw invalidField('body', 'must be an object');
}

function countPoints(series: readonly unknown[]): number {
  return series.reduce<number>(
    (count, one) => count + (isObject(one) && Array.isArray(one.points) ? one.points.length : 0),
    0,
  );
}

/** Throws `too_large` for a request with too many entries, so that the sender divides it. */
function requireAtMost(maximum: number, entries: BodyEntries, count: number): void {
  if (count > maximum) throw new DomainError('too_large', 'too_many_entries', { entries, maximum });
}

/** Logs what was dropped, without its content. */
function logLosses(c: Context<AppEnv>, { counts }: Losses): void {
  if (Object.keys(counts).length === 0) return;
  c.var.log.warn({ org: c.var.scope.orgId, path: c.req.path, counts }, 'telemetry was dropped or truncated');
}
