import { type ReactNode, type RefObject, useEffect, useId, useRef } from 'react';
import { Button } from './button.tsx';
import { ErrorCallout } from './callout.tsx';
import { DialogBody, type DialogFrame, DialogFooter, useScrollLock } from './dialog-parts.tsx';
import styles from './dialog.module.css';
import { IconButton } from './icon-button.tsx';
import { XIcon } from 'lucide-react';
import { messages } from './messages.ts';
import { Skeleton } from './skeleton.tsx';

/*
 * What stands in for a dialog that is loading or that could not be loaded. It is a native <dialog>, because the library
 * of the other dialogs may be what is loading.
 */

interface LightDialogProps extends DialogFrame {
  /** The element that takes focus when the dialog opens; without it, the dialog itself. */
  initialFocus?: RefObject<HTMLElement | null>;
  children: ReactNode;
}

function LightDialog({ title, onClose, returnFocus, initialFocus, children }: LightDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useScrollLock();

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    (initialFocus?.current ?? element)?.focus();
    return () => element?.close();
  }, [initialFocus]);

  // The opener of the first rendering stays the opener.
  const returnTo = useRef(returnFocus);
  useEffect(() => () => returnTo.current()?.focus(), []);

  return (
    // For the keyboard, Esc closes a native dialog.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      tabIndex={-1}
      className={styles.native}
      aria-labelledby={titleId}
      // The opener decides when it closes: closed by the browser, it would be hidden while its route still is the current one.
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={onClose}
      onClick={({ target, currentTarget }) => {
        if (target === currentTarget) onClose();
      }}
    >
      <div className={styles.dialog}>
        <header className={styles.header}>
          <h2 id={titleId} className={styles.title}>
            {title}
          </h2>
        </header>
        {children}
        <div className={styles.close}>
          <IconButton label={messages.close} icon={<XIcon />} onClick={onClose} />
        </div>
      </div>
    </dialog>
  );
}

export function LoadingDialog(frame: DialogFrame) {
  return (
    <LightDialog {...frame}>
      <DialogBody>
        <output className="visually-hidden">{messages.loading}</output>
        <Skeleton width="60%" />
        <Skeleton width="35%" />
        <Skeleton width="45%" />
        <Skeleton width="40%" />
      </DialogBody>
    </LightDialog>
  );
}

interface FailedDialogProps extends DialogFrame {
  errors: readonly string[];
  /** A retry is running. If it succeeds, the dialog replaces this one. */
  retrying: boolean;
  onRetry: () => void;
  /** Another button, before Retry. */
  action?: ReactNode;
}

export function FailedDialog({ errors, retrying, onRetry, action, ...frame }: FailedDialogProps) {
  const retryButton = useRef<HTMLButtonElement>(null);
  return (
    <LightDialog {...frame} initialFocus={retryButton}>
      <DialogBody>
        <ErrorCallout messages={errors} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={frame.onClose}>{messages.cancel}</Button>
        {action}
        <Button ref={retryButton} variant="primary" pending={retrying} onClick={onRetry}>
          {messages.retry}
        </Button>
      </DialogFooter>
    </LightDialog>
  );
}
