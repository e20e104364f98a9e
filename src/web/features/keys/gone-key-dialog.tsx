import { type DialogFrame, NoticeDialog } from '../../ui/dialog.tsx';

/** Stands in for a dialog whose key was revoked meanwhile, or never was. */
export function GoneKeyDialog(dialog: DialogFrame) {
  return <NoticeDialog {...dialog}>This key no longer exists. The list has been refreshed.</NoticeDialog>;
}
