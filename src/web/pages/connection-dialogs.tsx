import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import { isServerThere } from '../api/request.ts';
import {
  DIALOG_TITLES,
  type DialogName,
  isOpenedFromList,
  openerId,
} from '../features/connections/dialogs.ts';
import { ConnectionEnds } from '../features/connections/connection-ends.tsx';
import { refreshConnections, useConnection } from '../features/connections/queries.ts';
import { FailedDialog, GoneDialog } from '../features/connections/stand-in-dialogs.tsx';
import { crossOrgVisibilityPath } from '../links.ts';
import { type DialogFrame, LoadingDialog } from '../ui/dialog.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { pageHeading } from './cross-org-visibility-page.tsx';
import {
  DeleteConnectionDialog,
  EditConnectionDialog,
  NewConnectionDialog,
  PermissionsDialog,
} from './dialog-chunks.ts';
import { useOrgUser } from './org-layout.tsx';

/* The dialogs as routes below the list's: what closes them, where the focus goes then, and what if one fails. */

export function NewConnectionRoute() {
  const user = useOrgUser();
  const dialog = useDialogRoute('new');
  return (
    <DialogBoundary preload={NewConnectionDialog.preload} {...dialog}>
      <NewConnectionDialog user={user} {...dialog} />
    </DialogBoundary>
  );
}

export function EditConnectionRoute() {
  const { id = '' } = useParams();
  const user = useOrgUser();
  const dialog = useDialogRoute('edit', id);
  return (
    <DialogBoundary preload={EditConnectionDialog.preload} {...dialog}>
      <EditConnectionDialog user={user} connectionId={id} {...dialog} />
    </DialogBoundary>
  );
}

export function DeleteConnectionRoute() {
  const { id = '' } = useParams();
  const user = useOrgUser();
  const dialog = useDialogRoute('delete', id);
  return (
    <DialogBoundary preload={DeleteConnectionDialog.preload} {...dialog}>
      <DeleteConnectionDialog user={user} connectionId={id} {...dialog} />
    </DialogBoundary>
  );
}

export function PermissionsRoute() {
  const { id = '' } = useParams();
  const user = useOrgUser();
  const dialog = useDialogRoute('permissions', id);
  const { connection, isGone } = useConnection(user.org.id, id);
  const queryClient = useQueryClient();
  if (!connection) return isGone ? <GoneDialog {...dialog} /> : <LoadingDialog {...dialog} />;
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

interface DialogBoundaryProps extends DialogFrame {
  preload: () => Promise<unknown>;
  children: ReactNode;
}

/** A dialog that cannot be shown leaves the list as it is. Another address is another dialog. */
function DialogBoundary({ preload, children, ...dialog }: DialogBoundaryProps) {
  const { pathname } = useLocation();

  async function retry(reset: () => void) {
    try {
      await preload();
      reset();
    } catch {
      // A server that answers no longer has this part: a newer version is installed. Its page opens the same dialog.
      if (await isServerThere()) location.reload();
    }
  }

  return (
    <ErrorBoundary
      key={pathname}
      renderFallback={(reset) => <FailedDialog {...dialog} onRetry={() => retry(reset)} />}
    >
      {children}
    </ErrorBoundary>
  );
}

function useDialogRoute(dialog: DialogName, connectionId?: string): DialogFrame {
  const navigate = useNavigate();
  const { search, state } = useLocation();
  const { org = '' } = useParams();
  const isClosing = useRef(false);

  return {
    title: DIALOG_TITLES[dialog],
    onClose: () => {
      if (isClosing.current) return;
      isClosing.current = true;
      // Opened from the list, the list is one step back. Opened by a link, it takes the dialog's place.
      if (isOpenedFromList(state)) void navigate(-1);
      else void navigate({ pathname: crossOrgVisibilityPath(org), search }, { replace: true });
    },
    returnFocus: () => document.getElementById(openerId(dialog, connectionId)) ?? pageHeading(),
  };
}
