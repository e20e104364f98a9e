import { useQueryClient } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { DIALOG_TITLES, type DialogName, openerId } from '../features/connections/dialogs.ts';
import { ConnectionEnds } from '../features/connections/connection-ends.tsx';
import { refreshConnections, useConnection } from '../features/connections/queries.ts';
import { GoneDialog } from '../features/connections/gone-dialog.tsx';
import { settingsPath } from '../common/navigation.ts';
import type { DialogFrame } from '../ui/dialog.tsx';
import { WaitingDialog } from '../common/waiting-dialog.tsx';
import {
  DeleteConnectionDialog,
  EditConnectionDialog,
  NewConnectionDialog,
  PermissionsDialog,
} from './dialog-chunks.ts';
import { DialogBoundary, useDialogRoute } from './dialog-route.tsx';
import { useOrgUser } from '../common/use-org-user.ts';

/* The dialogs as routes below the list's. */

export function NewConnectionRoute() {
  const user = useOrgUser();
  const dialog = useConnectionDialog('new');
  return (
    <DialogBoundary preload={NewConnectionDialog.preload} {...dialog}>
      <NewConnectionDialog user={user} {...dialog} />
    </DialogBoundary>
  );
}

export function EditConnectionRoute() {
  const { id = '' } = useParams();
  const user = useOrgUser();
  const dialog = useConnectionDialog('edit', id);
  return (
    <DialogBoundary preload={EditConnectionDialog.preload} {...dialog}>
      <EditConnectionDialog user={user} connectionId={id} {...dialog} />
    </DialogBoundary>
  );
}

export function DeleteConnectionRoute() {
  const { id = '' } = useParams();
  const user = useOrgUser();
  const dialog = useConnectionDialog('delete', id);
  return (
    <DialogBoundary preload={DeleteConnectionDialog.preload} {...dialog}>
      <DeleteConnectionDialog user={user} connectionId={id} {...dialog} />
    </DialogBoundary>
  );
}

export function PermissionsRoute() {
  const { id = '' } = useParams();
  const user = useOrgUser();
  const dialog = useConnectionDialog('permissions', id);
  const { connection, list, isGone } = useConnection(user.org.id, id);
  const queryClient = useQueryClient();
  if (!connection) return isGone ? <GoneDialog {...dialog} /> : <WaitingDialog {...dialog} query={list} />;
  return (
    <DialogBoundary preload={PermissionsDialog.preload} {...dialog}>
      <PermissionsDialog
        user={user}
        connection={connection}
        summary={<ConnectionEnds source={connection.source.name} destination={connection.destination.name} />}
        onChanged={() => refreshConnections(queryClient)}
        {...dialog}
      />
    </DialogBoundary>
  );
}

function useConnectionDialog(dialog: DialogName, connectionId?: string): DialogFrame {
  const { org = '' } = useParams();
  return useDialogRoute({
    title: DIALOG_TITLES[dialog],
    below: settingsPath('connections', org),
    openerId: openerId(dialog, connectionId),
  });
}
