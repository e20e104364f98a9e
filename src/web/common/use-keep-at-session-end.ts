import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { sessionOptions } from '../api/session.ts';
import { forgetInput, keepInput } from './kept-input.ts';

/**
 * Keeps the input of a dialog that disappears because the session has ended. Input kept earlier is removed, because the
 * dialog has read it.
 *
 * @param key undefined: the dialog has no input
 * @param input undefined: there are no unsaved changes
 */
export function useKeepAtSessionEnd(key: string | undefined, input: unknown): void {
  const queryClient = useQueryClient();
  const latest = useRef(input);
  useEffect(() => {
    latest.current = input;
  });

  useEffect(() => {
    if (key === undefined) return undefined;
    forgetInput(key);
    return () => {
      const isSessionOver = queryClient.getQueryData(sessionOptions.queryKey) === null;
      if (isSessionOver && latest.current !== undefined) keepInput(key, latest.current);
    };
  }, [key, queryClient]);
}
