import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

export interface ConnectionDialogProps {
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

/** Stands in for a dialog whose connection was deleted meanwhile, or never was. */
export function GoneDialog({ title, ...dialog }: ConnectionDialogProps & { title: string }) {
  return (
    <Dialog title={title} {...dialog}>
      <DialogBody>
        <p role="alert">This connection no longer exists. The list has been refreshed.</p>
      </DialogBody>
      <DialogFooter>
        <Button onClick={dialog.onClose}>Back to the list</Button>
      </DialogFooter>
    </Dialog>
  );
}

/** Stands in for a dialog whose connection is on its way. */
export function LoadingDialog({ title, ...dialog }: ConnectionDialogProps & { title: string }) {
  return (
    <Dialog title={title} loading {...dialog}>
      <DialogBody>
        <output className="visually-hidden">Loading</output>
        <Skeleton width="60%" />
        <Skeleton width="35%" />
        <Skeleton width="45%" />
        <Skeleton width="40%" />
      </DialogBody>
    </Dialog>
  );
}
