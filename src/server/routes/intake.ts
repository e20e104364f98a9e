import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { CiPipelineEventRequest, CiTestEventRequest } from '../../contract/ci/schema.ts';
import { HttpLog, LogIntakeQuery } from '../../contract/logs/schema.ts';
import { PATHS } from '../../contract/paths.ts';
import { type IntakePayloadAccepted, MetricPayload } from '../../contract/series/schema.ts';
import { readPipelineEvent, readTestEvent } from '../../rules/telemetry/ci.ts';
import { readLog } from '../../rules/telemetry/logs.ts';
import { readEach } from '../../rules/telemetry/read-each.ts';
import { intakeWindow } from '../../rules/telemetry/retention.ts';
import { readSeries } from '../../rules/telemetry/series.ts';
import { authenticateApiKey } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { limitIntakeBody, readIntakeBody } from '../http/intake-body.ts';
import { readQuery } from '../http/validate.ts';
import { digestId } from '../store/digest-id.ts';
import { ingestEvents, ingestPoints } from '../telemetry/ingest.ts';

/** Telemetry intake. Requests are atomic. The API key identifies the organization. */
export function intake(dependencies: Dependencies) {
  const { db, now } = dependencies;
  const admit = [authenticateApiKey(dependencies), limitIntakeBody] as const;
  return new Hono<AppEnv>({ strict: false })
    .post(PATHS.series, ...admit, async (c) => {
      const { scope, retention } = c.var;
      const { series } = await readIntakeBody(c, MetricPayload);
      const window = intakeWindow('metrics', retention, now());
      await ingestPoints(
        db,
        scope,
        readEach('series', series, (one) => readSeries(one, window)),
      );
      return c.json({ errors: [] } satisfies IntakePayloadAccepted, 202);
    })

    .post(PATHS.logs, ...admit, async (c) => {
      const { scope, retention } = c.var;
      const { ddtags = '' } = readQuery(c, LogIntakeQuery);
      const items = await readIntakeBody(c, HttpLog);
      const window = intakeWindow('logs', retention, now());
      const logs = readEach('', items, (item) => readLog(item, ddtags, window));
      await ingestEvents(
        db,
        scope,
        logs.map((log) => ({ ...log, source: 'logs', id: randomUUID() })),
      );
      return c.json({}, 202);
    })

    .post(PATHS.ciPipelines, ...admit, async (c) => {
      const { scope, retention } = c.var;
      const { data } = await readIntakeBody(c, CiPipelineEventRequest);
      const window = intakeWindow('ci_pipelines', retention, now());
      const events = readEach('data', data, ({ attributes }) => readPipelineEvent(attributes, window));
      await ingestEvents(
        db,
        scope,
        events.map(({ identity, ...event }) => ({
          ...event,
          source: 'ci_pipelines',
          id: digestId(identity),
        })),
      );
      return c.json({}, 202);
    })

    .post(PATHS.ciTests, ...admit, async (c) => {
      const { scope, retention } = c.var;
      const { data } = await readIntakeBody(c, CiTestEventRequest);
      const window = intakeWindow('ci_tests', retention, now());
      const events = readEach('data', data, ({ id, attributes }) => ({
        ...readTestEvent(attributes, window),
        source: 'ci_tests' as const,
        id: id === undefined ? randomUUID() : digestId(id),
      }));
      await ingestEvents(db, scope, events);
      return c.json({}, 202);
    });
}
