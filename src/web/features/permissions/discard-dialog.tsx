import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogDescription, DialogFooter } from '../../ui/dialog.tsx';

interface DiscardDialogProps {
  onKeep: () => void;
  onDiscard: () => void;
}

/** Asks before changes are lost that were not saved. */
export function DiscardDialog({ onKeep, onDiscard }: DiscardDialogProps) {
  const [before] = useState(() => document.activeElement);
  return (
    <Dialog
      title="Discard unsaved changes?"
      role="alertdialog"
      onClose={onKeep}
      returnFocus={() => (before instanceof HTMLElement ? before : null)}
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
