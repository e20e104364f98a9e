import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogDescription, DialogFooter } from '../../ui/dialog.tsx';

interface DiscardDialogProps {
  onKeep: () => void;
  onDiscard: () => void;
}

/** Asks before changes are lost that were not saved. */
export function DiscardDialog({ onKeep, onDiscard }: DiscardDialogProps) {
  return (
    <Dialog
      title="Discard unsaved changes?"
      role="alertdialog"
      onClose={onKeep}
      returnFocus={() => document.querySelector<HTMLElement>('[role="dialog"]')}
    >
      <DialogBody>
        <DialogDescription>
          <p>What you changed here is not saved.</p>
        </DialogDescription>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onKeep}>Keep editing</Button>
        <Button variant="danger" onClick={onDiscard}>
          Discard changes
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
