import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogDescription } from '../ui/dialog.tsx';
import { messages } from './messages.ts';
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
      title={messages.discardTitle}
      role="alertdialog"
      onClose={onKeep}
      returnFocus={() => (before instanceof HTMLElement ? before : null)}
    >
      <DialogBody>
        <DialogDescription>
          <p>{messages.discardText}</p>
        </DialogDescription>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onKeep}>{messages.keepEditing}</Button>
        <Button variant="danger" onClick={onDiscard}>
          {messages.discardChanges}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
