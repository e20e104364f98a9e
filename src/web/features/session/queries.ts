import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type {
  ConsoleSession,
  DemoPeople,
  DemoSignInRequest,
  SignInMethods,
  SignInRequest,
} from '../../../contract/console/schema.ts';
import { PATHS } from '../../../contract/paths.ts';
import { request } from '../../api/request.ts';
import { changeSession } from '../../api/session.ts';
import { forgetAllInput } from '../../common/kept-input.ts';

export const demoPeopleOptions = queryOptions({
  queryKey: ['demo-people'],
  queryFn: async ({ signal }) => (await request<DemoPeople>(PATHS.demoPeople, { signal })).people,
  staleTime: Infinity,
});

export const signInMethodsOptions = queryOptions({
  queryKey: ['sign-in-methods'],
  queryFn: ({ signal }) => request<SignInMethods>(PATHS.signInMethods, { signal }),
  staleTime: Infinity,
});

export function useSignIn() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: SignInRequest) => request<ConsoleSession>(PATHS.session, { method: 'POST', body }),
    onSuccess: (session) => changeSession(queryClient, session),
  });
}

export function useDemoSignIn() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: DemoSignInRequest) =>
      request<ConsoleSession>(PATHS.demoSession, { method: 'POST', body }),
    onSuccess: (session) => changeSession(queryClient, session),
  });
}

/** @param onSignedOut leaves the page, before the page reacts to the end of the session */
export function useSignOut(onSignedOut: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => request<void>(PATHS.session, { method: 'DELETE' }),
    onSuccess: () => {
      forgetAllInput();
      onSignedOut();
      changeSession(queryClient, null);
    },
  });
}
