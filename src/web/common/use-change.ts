import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { errorMessages } from '../api/request.ts';
import { useToast } from '../ui/toast.tsx';

interface Change<Variables, Answer> {
  send: (variables: Variables) => Promise<Answer>;
  /**
   * What to say when it is done; `isLeft` if the dialog that asked for it is there no more. Undefined: the dialog says
   * it.
   */
  done: (variables: Variables, isLeft: boolean) => string | undefined;
  /** Reads anew what the change concerns. */
  refresh: (queryClient: QueryClient) => Promise<void>;
  /** Whether a refusal means that things are not as they were shown. */
  isOutdated: (error: Error) => boolean;
}

/**
 * A change of something on the server. Its outcome is told even if the dialog that asked for it has been left
 * meanwhile: a success in passing, a failure by the dialog as long as it is there.
 */
export function useChange<Variables, Answer>({ send, done, refresh, isOutdated }: Change<Variables, Answer>) {
  const queryClient = useQueryClient();
  const toast = useToast();
  const isLeft = useRef(false);
  useEffect(() => {
    isLeft.current = false;
    return () => {
      isLeft.current = true;
    };
  }, []);

  return useMutation({
    mutationFn: send,
    onSuccess: async (_, variables) => {
      await refresh(queryClient);
      const outcome = done(variables, isLeft.current);
      if (outcome !== undefined) toast(outcome);
    },
    onError: async (error) => {
      // Not waited for: what was refused is said at once, whatever became of the line.
      if (isOutdated(error)) void refresh(queryClient);
      if (isLeft.current) toast(errorMessages(error).join(' '), 'danger');
    },
    // An answer may hold what is to be seen once: it goes with whoever asked.
    gcTime: 0,
  });
}
