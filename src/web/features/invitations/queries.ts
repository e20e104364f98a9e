import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type {
  ConsoleSession,
  Invitation,
  InvitationAcceptance,
  InvitationRequest,
} from '../../../contract/console/schema.ts';
import { PATHS } from '../../../contract/paths.ts';
import { request } from '../../api/request.ts';
import { changeSession } from '../../api/session.ts';

/** The invitation that a link is to. A 404 says that it is not valid any more. */
export const invitationOptions = (secret: string) =>
  queryOptions({
    queryKey: ['invitation', secret],
    queryFn: ({ signal }) => {
      const body: InvitationRequest = { secret };
      return request<Invitation>(PATHS.invitation, { method: 'POST', body, signal });
    },
  });

/** @param onAccepted leaves the page: it comes before the page notices that the invitation is used */
export function useAcceptInvitation(onAccepted: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: InvitationAcceptance) =>
      request<ConsoleSession>(PATHS.invitationAcceptance, { method: 'POST', body }),
    onSuccess: (session) => {
      onAccepted();
      changeSession(queryClient, session);
    },
  });
}
