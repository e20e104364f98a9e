import { useQueryClient } from '@tanstack/react-query';
import type { OrgUser } from '../api/session.ts';
import { ItemDialog } from '../common/item-dialog.tsx';
import { ConnectionEnds } from '../features/connections/connection-ends.tsx';
import { refreshConnections, useConnection } from '../features/connections/queries.ts';
import { messages } from '../features/connections/messages.ts';
import { PermissionsDialog } from '../features/permissions/permissions-dialog.tsx';
import type { DialogFrame } from '../ui/dialog-parts.tsx';

interface ConnectionPermissionsDialogProps extends DialogFrame {
  user: OrgUser;
  connectionId: string;
}

/** The Permissions dialog of a connection. */
export function ConnectionPermissionsDialog({
  user,
  connectionId,
  ...frame
}: ConnectionPermissionsDialogProps) {
  const listed = useConnection(user.org.id, connectionId);
  const queryClient = useQueryClient();
  return (
    <ItemDialog {...frame} listed={listed} goneText={messages.connectionGone}>
      {(connection) => (
        <PermissionsDialog
          {...frame}
          user={user}
          connection={connection}
          summary={
            <ConnectionEnds source={connection.source.name} destination={connection.destination.name} />
          }
          onChanged={() => refreshConnections(queryClient)}
        />
      )}
    </ItemDialog>
  );
}
