import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { JsonObject } from '../../../rules/widgets/definition.ts';
import type { WidgetTime } from '../../../rules/widgets/time.ts';
import { errorMessages } from '../../api/request.ts';
import { widgetOptions, type WidgetResult } from './queries.ts';

/** Pause in typing after which queries run, in milliseconds. */
const TYPING_PAUSE_MS = 300;

/** Live data are refreshed this often over the time that is shown, but at least every ten seconds. */
const REFRESHES = 120;
const MIN_REFRESH_MS = 10_000;

interface WidgetResultOptions {
  orgId: string;
  definition: JsonObject;
  time: WidgetTime;
  isPaused: boolean;
}

export interface WidgetRun {
  result: WidgetResult | undefined;
  /** The result belongs to an earlier definition or time. */
  isOutdated: boolean;
  isRunning: boolean;
  /** The user has stopped the queries. */
  isStopped: boolean;
  /** Why nothing could be run. */
  errors: readonly string[] | undefined;
  /** Ends the running queries. The previous result stays. */
  stop: () => void;
  rerun: () => void;
}

/** Runs the queries of a widget while it is shown: a newer definition or time cancels the older queries. */
export function useWidgetResult({ orgId, definition, time, isPaused }: WidgetResultOptions): WidgetRun {
  const queryClient = useQueryClient();
  const settled = useSettled(JSON.stringify(definition));
  const options = widgetOptions(orgId, settled, time);
  const [stopped, setStopped] = useState<string>();
  const key = options.queryKey.join();
  const isStopped = stopped === key;
  const isLive = time.kind === 'live' && !isPaused && !isStopped;
  const query = useQuery({
    ...options,
    refetchInterval: isLive ? Math.max(MIN_REFRESH_MS, (time.seconds * 1000) / REFRESHES) : false,
  });
  return {
    result: query.data,
    isOutdated: query.isPlaceholderData,
    isRunning: query.isFetching,
    errors: query.error ? errorMessages(query.error) : undefined,
    isStopped,
    stop: () => {
      setStopped(key);
      void queryClient.cancelQueries({ queryKey: options.queryKey });
    },
    rerun: () => {
      setStopped(undefined);
      void query.refetch();
    },
  };
}

/** Returns a text when it has not changed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Returns the seconds since the queries have been running. Undefined in the first two seconds. */
export function useRunningSeconds(isRunning: boolean): number | undefined {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!isRunning) return undefined;
    const begin = performance.now();
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - begin) / 1000)), 1000);
    return () => {
      clearInterval(timer);
      setSeconds(0);
    };
  }, [isRunning]);
  return isRunning && seconds >= 2 ? seconds : undefined;
}
