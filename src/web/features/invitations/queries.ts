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

/** The invitation of a link. Status 404: it is no longer valid. */
export const invitationOptions = (secret: string) =>
  queryOptions({
    queryKey: ['invitation', secret],
    queryFn: ({ signal }) => {
      const body: InvitationRequest = { secret };
      return request<Invitation>(PATHS.invitation, { method: 'POST', body, signal });
    },
  });

/** @param onAccepted leaves the page, before the page reacts to the used invitation */
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
