import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { ErrorCallout } from '../../ui/callout.tsx';
import { Dialog, DialogBody, type DialogFrame, DialogFooter, NoticeDialog } from '../../ui/dialog.tsx';

/** Stands in for a dialog whose connection was deleted meanwhile, or never was. */
export function GoneDialog(dialog: DialogFrame) {
  return (
    <NoticeDialog {...dialog}>This connection no longer exists. The list has been refreshed.</NoticeDialog>
  );
}

interface FailedDialogProps extends DialogFrame {
  /** Settles when it has been tried again; what succeeds shows the dialog itself in this one's place. */
  onRetry: () => Promise<void>;
}

/** Stands in for a dialog that could not be shown: its part of the console did not come. */
export function FailedDialog({ onRetry, ...dialog }: FailedDialogProps) {
  const [isRetrying, setIsRetrying] = useState(false);

  async function retry() {
    setIsRetrying(true);
    await onRetry();
    setIsRetrying(false);
  }

  return (
    <Dialog {...dialog}>
      <DialogBody>
        <ErrorCallout messages={['This dialog could not be loaded. Check your connection and try again.']} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={dialog.onClose}>Cancel</Button>
        <Button variant="primary" pending={isRetrying} onClick={() => void retry()}>
          Retry
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
