import type { ReactNode } from 'react';
import { errorMessages } from '../api/request.ts';
import { Button } from '../ui/button.tsx';
import { ErrorCallout } from '../ui/callout.tsx';
import { Dialog, DialogDescription } from '../ui/dialog.tsx';
import { messages } from './messages.ts';
import { DialogBody, type DialogFrame, DialogFooter } from '../ui/dialog-parts.tsx';

interface ConfirmDialogProps extends DialogFrame {
  /** A request is running: the dialog stays open until it ends. */
  pending: boolean;
  /** Why the last request failed; null if it did not. */
  submitError: Error | null;
  confirmLabel: string;
  /** Why the action is not possible now. */
  obstacle?: string | undefined;
  onConfirm: () => void;
  /** What will happen. */
  children: ReactNode;
}

/** Asks before an action that cannot be undone. */
export function ConfirmDialog({
  pending,
  submitError,
  confirmLabel,
  obstacle,
  onConfirm,
  children,
  ...frame
}: ConfirmDialogProps) {
  return (
    <Dialog {...frame} role="alertdialog" pending={pending}>
      <DialogBody>
        <DialogDescription>{children}</DialogDescription>
        {submitError && <ErrorCallout messages={errorMessages(submitError)} />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={frame.onClose} disabled={pending}>
          {messages.cancel}
        </Button>
        <Button variant="danger" pending={pending} obstacle={obstacle} onClick={onConfirm}>
          {confirmLabel}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
