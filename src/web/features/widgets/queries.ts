import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ScalarQueryResponse, TimeseriesQueryResponse } from '../../../contract/queries/schema.ts';
import { PATHS } from '../../../contract/paths.ts';
import type { JsonObject } from '../../../rules/widgets/definition.ts';
import {
  drawnFormulas,
  requestFor,
  type RequestRange,
  type WidgetRequest,
} from '../../../rules/widgets/requests.ts';
import {
  type ScalarValue,
  scalarsOf,
  type TimeseriesResult,
  timeseriesOf,
} from '../../../rules/widgets/results.ts';
import { printTime, rangeOf, type WidgetTime } from '../../../rules/widgets/time.ts';
import { ApiError, errorMessages, request as send } from '../../api/request.ts';

/** Result of a widget's queries. Formulas fail one by one: what one organization refuses, others still show. */
export interface WidgetResult {
  range: RequestRange;
  timeseries: TimeseriesResult;
  scalars: readonly ScalarValue[];
  /** Why a formula has no result, by its index. */
  failures: ReadonlyMap<number, readonly string[]>;
}

/**
 * Result of a widget, in the organization of the page.
 *
 * @param definition JSON of the widget
 */
export function widgetOptions(orgId: string, definition: string, time: WidgetTime) {
  return queryOptions({
    queryKey: ['widget', orgId, definition, printTime(time)],
    queryFn: ({ signal }) => runWidget(orgId, JSON.parse(definition), rangeOf(time, Date.now()), signal),
    // The previous picture stays until the next one is there.
    placeholderData: keepPreviousData,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

type Answer = TimeseriesQueryResponse | ScalarQueryResponse;
interface Outcome {
  request: WidgetRequest;
  answer?: Answer;
  errors?: readonly string[];
}

async function runWidget(
  orgId: string,
  definition: JsonObject,
  range: RequestRange,
  signal: AbortSignal,
): Promise<WidgetResult> {
  const all = requestFor(definition, range);
  const outcomes = all === undefined ? [] : await runAll(orgId, definition, range, all, signal);
  const answers = outcomes.flatMap(({ request, answer }) =>
    answer === undefined ? [] : [{ request, data: answer.data }],
  );
  return {
    range,
    timeseries: timeseriesOf(
      answers.flatMap(({ request, data }) =>
        data.type === 'timeseries_response' ? [{ request, answer: data.attributes }] : [],
      ),
    ),
    scalars: scalarsOf(
      answers.flatMap(({ request, data }) =>
        data.type === 'scalar_response' ? [{ request, answer: data.attributes }] : [],
      ),
    ),
    failures: new Map(
      outcomes.flatMap(({ request, errors }) =>
        errors === undefined ? [] : request.formulas.map((formula) => [formula, errors] as const),
      ),
    ),
  };
}

/** Sends one request for all formulas. If it is refused, sends one for each formula, so that others go on. */
async function runAll(
  orgId: string,
  definition: JsonObject,
  range: RequestRange,
  all: WidgetRequest,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const first = await run(orgId, all, signal);
  if (first.errors === undefined || all.formulas.length === 1) return [first];
  const each = drawnFormulas(definition).flatMap((_, index) => requestFor(definition, range, [index]) ?? []);
  return Promise.all(each.map((request) => run(orgId, request, signal)));
}

/** @throws ApiError unless the request was answered or refused */
async function run(orgId: string, request: WidgetRequest, signal: AbortSignal): Promise<Outcome> {
  const path = `${PATHS.queries}/${request.type}`;
  try {
    return {
      request,
      answer: await send<Answer>(path, { method: 'POST', org: orgId, body: request.body, signal }),
    };
  } catch (error) {
    const isRefused =
      error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 401;
    if (!isRefused) throw error;
    return { request, errors: errorMessages(error) };
  }
}
