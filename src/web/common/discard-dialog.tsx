import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogDescription } from '../ui/dialog.tsx';
import { DialogBody, DialogFooter } from '../ui/dialog-parts.tsx';

interface DiscardDialogProps {
  onKeep: () => void;
  onDiscard: () => void;
}

/** Asks before unsaved changes are lost. */
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
          <p>Your changes have not been saved.</p>
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
