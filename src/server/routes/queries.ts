import { type Context, Hono } from 'hono';
import type { z } from 'zod';
import {
  AnyQueryRequest,
  ScalarQueryRequest,
  TimeseriesQueryRequest,
} from '../../contract/queries/schema.ts';
import { DomainError } from '../../rules/errors.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import type { TelemetryReads } from '../http/telemetry-reads.ts';
import { readBody } from '../http/validate.ts';
import { timeseriesJson } from '../present/timeseries.ts';
import { queryScalar, queryTimeseries } from '../telemetry/query.ts';
import { runWork } from '../telemetry/run-work.ts';

/** `/api/v2/query/...`: docs/wire-format.md, "Queries". */
export function queries(dependencies: Dependencies, readTelemetry: TelemetryReads) {
  const { now } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .use(authenticate(dependencies, 'queries'))

    .post('/timeseries', async (c) => {
      const { data } = await readTyped(c, TimeseriesQueryRequest, 'timeseries_request');
      const answer = await readTelemetry(
        c,
        (db, signal) => queryTimeseries(db, c.var.actor, data.attributes, { now: now(), signal }),
        async (compute, signal) => runWork(timeseriesJson(await compute(signal)), { signal }),
      );
      return c.body(answer, 200, { 'Content-Type': 'application/json' });
    })

    .post('/scalar', async (c) => {
      const { data } = await readTyped(c, ScalarQueryRequest, 'scalar_request');
      const answer = await readTelemetry(
        c,
        (db, signal) => queryScalar(db, c.var.actor, data.attributes, { now: now(), signal }),
        (compute, signal) => compute(signal),
      );
      return c.json(answer);
    });
}

/** Parses the body. Checks `type` first, with the recorded text. */
async function readTyped<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
  type: string,
): Promise<z.output<Schema>> {
  const { data } = await readBody(c, AnyQueryRequest);
  if (data.type !== type) {
    throw new DomainError('refused', 'request_type_invalid', { type });
  }
  return readBody(c, schema);
}
