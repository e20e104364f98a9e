import { useParams } from 'react-router';
import {
  DeleteConnectionDialog,
  DIALOG_TITLES,
  type DialogName,
  EditConnectionDialog,
  NewConnectionDialog,
  openerId,
} from '../features/connections/dialogs.ts';
import { crossOrgVisibilityPath } from '../links.ts';
import type { DialogFrame } from '../ui/dialog.tsx';
import { DialogBoundary, useDialogRoute } from './dialog-route.tsx';
import { useOrgUser } from './org-layout.tsx';

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

function useConnectionDialog(dialog: DialogName, connectionId?: string): DialogFrame {
  const { org = '' } = useParams();
  return useDialogRoute({
    title: DIALOG_TITLES[dialog],
    below: crossOrgVisibilityPath(org),
    openerId: openerId(dialog, connectionId),
  });
}
