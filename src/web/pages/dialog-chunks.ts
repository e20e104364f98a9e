import type { DialogName } from '../features/connections/dialogs.ts';
import { preloadable } from '../common/preloadable.tsx';

/*
 * The list does not need its dialogs: each is fetched when the pointer or the focus reaches what opens it, and at
 * the latest when the browser has nothing else to do.
 */

export const NewConnectionDialog = preloadable(
  async () => (await import('../features/connections/new-connection-dialog.tsx')).NewConnectionDialog,
);

export const EditConnectionDialog = preloadable(
  async () => (await import('../features/connections/edit-connection-dialog.tsx')).EditConnectionDialog,
);

export const DeleteConnectionDialog = preloadable(
  async () => (await import('../features/connections/delete-connection-dialog.tsx')).DeleteConnectionDialog,
);

export const PermissionsDialog = preloadable(
  async () => (await import('../features/permissions/permissions-dialog.tsx')).PermissionsDialog,
);

const CHUNKS: Record<DialogName, { preload: () => Promise<unknown> }> = {
  new: NewConnectionDialog,
  edit: EditConnectionDialog,
  permissions: PermissionsDialog,
  delete: DeleteConnectionDialog,
};

/** Fetches a dialog that will probably be opened next. */
export function preloadDialog(name: DialogName): void {
  void CHUNKS[name].preload();
}

/** Fetches all when nothing more urgent is under way; returns what calls it off. */
export function preloadDialogsWhenIdle(): () => void {
  // Safari knows no idle callbacks.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(preloadDialogs, 1000);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(preloadDialogs);
  return () => cancelIdleCallback(handle);
}

function preloadDialogs() {
  for (const chunk of Object.values(CHUNKS)) void chunk.preload();
}
