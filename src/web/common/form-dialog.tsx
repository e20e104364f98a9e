import { type FormEvent, type ReactNode, useState } from 'react';
import { errorMessages } from '../api/request.ts';
import { Button } from '../ui/button.tsx';
import { Callout, ErrorCallout } from '../ui/callout.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DialogBody, type DialogFrame, DialogFooter } from '../ui/dialog-parts.tsx';
import { submitForm } from '../ui/submit-form.ts';
import { DiscardDialog } from './discard-dialog.tsx';
import { messages } from './messages.ts';
import type { Restorable } from './kept-input.ts';
import { useAskBeforeUnload } from './use-ask-before-unload.ts';
import { useKeepAtSessionEnd } from './use-keep-at-session-end.ts';

interface FormDialogProps extends DialogFrame {
  /** A request is running: the dialog stays open until it ends. */
  pending: boolean;
  /** Why the last request failed; null if it did not. */
  submitError: Error | null;
  /** Undefined: the dialog can only be read. */
  submit: SubmitButton | undefined;
  /** Not called while pending. */
  onSubmit: () => void;
  /** Closing asks first. */
  hasUnsavedChanges?: boolean;
  /** The input, as JSON without secrets: kept if the session ends while there are unsaved changes. */
  input?: Restorable<unknown> & { current: unknown };
  /** Called before `onClose` when the person discards unsaved changes. */
  onDiscard?: () => void;
  /** Beside the buttons. */
  note?: ReactNode;
  children: ReactNode;
}

interface SubmitButton {
  label: string;
  id?: string;
  disabled?: boolean;
  /** Why the button does nothing now. */
  obstacle?: string | undefined;
  /** Element id of a visible explanation of the obstacle. */
  describedBy?: string | undefined;
}

/**
 * A dialog with a form: stays open while pending, shows the error of the request, asks before changes are lost, and focuses
 * the first invalid field on submit.
 */
export function FormDialog({
  pending,
  submitError,
  submit,
  onSubmit,
  hasUnsavedChanges = false,
  input,
  onDiscard,
  note,
  children,
  ...frame
}: FormDialogProps) {
  const [isAsking, setIsAsking] = useState(false);
  useAskBeforeUnload(hasUnsavedChanges);
  useKeepAtSessionEnd(input?.key, hasUnsavedChanges ? input?.current : undefined);

  function close() {
    if (hasUnsavedChanges) setIsAsking(true);
    else frame.onClose();
  }

  function discard() {
    onDiscard?.();
    frame.onClose();
  }

  function handleSubmit(event: FormEvent<HTMLFormElement>) {
    submitForm(event, () => {
      if (!pending) onSubmit();
    });
  }

  return (
    <Dialog {...frame} pending={pending} onClose={close}>
      <form onSubmit={handleSubmit} noValidate>
        <DialogBody>
          {input?.restored !== undefined && hasUnsavedChanges && (
            <Callout live="polite">{messages.inputRestored}</Callout>
          )}
          {children}
          {submitError && <ErrorCallout messages={errorMessages(submitError)} />}
        </DialogBody>
        <DialogFooter note={note}>
          <Button onClick={close} disabled={pending}>
            {submit ? messages.cancel : messages.close}
          </Button>
          {submit && (
            <Button
              type="submit"
              id={submit.id}
              variant="primary"
              pending={pending}
              disabled={submit.disabled}
              obstacle={submit.obstacle}
              aria-describedby={submit.describedBy}
            >
              {submit.label}
            </Button>
          )}
        </DialogFooter>
      </form>
      {isAsking && <DiscardDialog onKeep={() => setIsAsking(false)} onDiscard={discard} />}
    </Dialog>
  );
}
