import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { messages } from './messages.ts';
import { DialogBody, type DialogFrame, DialogFooter } from '../ui/dialog-parts.tsx';

/** Replaces a dialog whose object no longer exists, or never existed. */
export function GoneDialog({ text, ...frame }: DialogFrame & { text: string }) {
  return (
    <Dialog {...frame}>
      <DialogBody>
        <p role="alert">{text}</p>
      </DialogBody>
      <DialogFooter>
        <Button onClick={frame.onClose}>{messages.backToList}</Button>
      </DialogFooter>
    </Dialog>
  );
}
