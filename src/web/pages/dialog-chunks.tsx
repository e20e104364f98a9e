import type { ComponentType } from 'react';
import type { OrgUser } from '../api/session.ts';
import { type Preloadable, preloadable } from '../common/preloadable.tsx';
import type { DialogName } from '../features/connections/dialogs.ts';
import type { DialogFrame } from '../ui/dialog-parts.tsx';
import { LoadingDialog } from '../ui/light-dialog.tsx';

/*
 * The list does not need its dialogs: each chunk is fetched when the pointer or the focus reaches a link to it, or when
 * the browser is idle.
 */

interface ConnectionDialogProps extends DialogFrame {
  user: OrgUser;
  /** Empty for a new connection. */
  connectionId: string;
}

export const CONNECTION_DIALOGS: Record<DialogName, Preloadable<ConnectionDialogProps>> = {
  new: dialog(
    async () => (await import('../features/connections/new-connection-dialog.tsx')).NewConnectionDialog,
  ),
  edit: dialog(
    async () => (await import('../features/connections/edit-connection-dialog.tsx')).EditConnectionDialog,
  ),
  permissions: dialog(
    async () => (await import('./connection-permissions-dialog.tsx')).ConnectionPermissionsDialog,
  ),
  delete: dialog(
    async () => (await import('../features/connections/delete-connection-dialog.tsx')).DeleteConnectionDialog,
  ),
};

function dialog(load: () => Promise<ComponentType<ConnectionDialogProps>>) {
  return preloadable(load, ({ title, onClose, returnFocus }) => (
    <LoadingDialog title={title} onClose={onClose} returnFocus={returnFocus} />
  ));
}

/** Fetches the chunk of a dialog that will probably be opened next. */
export function preloadDialog(name: DialogName): void {
  void CONNECTION_DIALOGS[name].preload();
}

/** Fetches all chunks when the browser is idle. Returns a function that cancels this. */
export function preloadDialogsWhenIdle(): () => void {
  // Safari has no idle callbacks.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(preloadDialogs, 1000);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(preloadDialogs);
  return () => cancelIdleCallback(handle);
}

function preloadDialogs() {
  for (const chunk of Object.values(CONNECTION_DIALOGS)) void chunk.preload();
}
