import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { errorMessages } from '../api/request.ts';
import { useToast } from '../ui/toast.tsx';

interface Change<Variables, Answer> {
  send: (variables: Variables) => Promise<Answer>;
  /**
   * Returns the text of the toast on success, or undefined for no toast.
   *
   * @param isLeft the dialog was closed before the response
   */
  done: (variables: Variables, isLeft: boolean) => string | undefined;
  /** Refreshes the data that the change concerns. */
  refresh: (queryClient: QueryClient) => Promise<void>;
  /** Returns whether an error means that the shown data is outdated. */
  isOutdated: (error: Error) => boolean;
}

/**
 * A mutation. A toast shows its success. The dialog shows its error, or a toast if the dialog was closed.
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

  const isSending = useRef(false);
  const mutation = useMutation({
    mutationFn: send,
    onSuccess: async (_, variables) => {
      await refresh(queryClient);
      const outcome = done(variables, isLeft.current);
      if (outcome !== undefined) toast(outcome);
    },
    onError: async (error) => {
      // Not awaited, so that the error is shown at once.
      if (isOutdated(error)) void refresh(queryClient);
      if (isLeft.current) toast(errorMessages(error).join(' '), 'danger');
    },
    onSettled: () => {
      isSending.current = false;
    },
    // A response may contain a secret that is shown once: remove it with the dialog.
    gcTime: 0,
  });

  // `isPending` is only known at the next render, so the second click of a double click would send the request again.
  const mutate: typeof mutation.mutate = (...call) => {
    if (isSending.current) return;
    isSending.current = true;
    mutation.mutate(...call);
  };
  return { ...mutation, mutate };
}
