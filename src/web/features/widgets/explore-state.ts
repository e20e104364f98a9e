import { isObject } from '../../../rules/json.ts';
import type { JsonObject } from '../../../rules/widgets/definition.ts';
import { parseTime, printTime, type WidgetTime } from '../../../rules/widgets/time.ts';

/** What Explore shows. All of it is in the fragment of the address, which no server sees or logs. */
export interface ExploreState {
  definition: JsonObject;
  time: WidgetTime;
  /** Live queries are refreshed, unless paused. */
  isPaused: boolean;
}

const NEW_WIDGET: JsonObject = {
  type: 'timeseries',
  requests: [
    {
      response_format: 'timeseries',
      queries: [{ data_source: 'metrics', name: 'a', query: '' }],
      formulas: [{ formula: 'a' }],
      display_type: 'line',
    },
  ],
};

/** @internal Exported for tests. */
export const NEW_STATE: ExploreState = {
  definition: NEW_WIDGET,
  time: { kind: 'live', seconds: 3600 },
  isPaused: false,
};

/** Reads the fragment of an address. Parts that are absent or wrong get their defaults. */
export function readState(hash: string): ExploreState {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  return {
    definition: readDefinition(parameters.get('widget')) ?? NEW_STATE.definition,
    time: parseTime(parameters.get('time') ?? '') ?? NEW_STATE.time,
    isPaused: parameters.has('paused'),
  };
}

/** Returns the fragment for a state. */
export function writeState({ definition, time, isPaused }: ExploreState): string {
  const parameters = new URLSearchParams({ widget: JSON.stringify(definition), time: printTime(time) });
  if (isPaused) parameters.set('paused', '1');
  return `#${parameters.toString()}`;
}

function readDefinition(text: string | null): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
