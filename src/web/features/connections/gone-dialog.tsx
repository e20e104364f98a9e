import { type DialogFrame, NoticeDialog } from '../../ui/dialog.tsx';

/** Stands in for a dialog whose connection was deleted meanwhile, or never was. */
export function GoneDialog(dialog: DialogFrame) {
  return (
    <NoticeDialog {...dialog}>This connection no longer exists. The list has been refreshed.</NoticeDialog>
  );
}
