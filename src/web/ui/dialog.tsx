import * as Radix from '@radix-ui/react-dialog';
import { type ReactNode, useLayoutEffect } from 'react';
import { Button } from './button.tsx';
import { ErrorCallout } from './callout.tsx';
import styles from './dialog.module.css';
import { IconButton } from './icon-button.tsx';
import { CloseIcon } from './icons.tsx';
import { Skeleton } from './skeleton.tsx';
import { isInToast } from './toast.tsx';

/** What whoever opens a dialog decides. */
export interface DialogFrame {
  title: string;
  /** Called for Esc, the backdrop and the cross. */
  onClose: () => void;
  /** What takes the focus when the dialog has closed. */
  returnFocus: () => HTMLElement | null;
}

interface DialogProps extends DialogFrame {
  /** Something is under way whose outcome the dialog must tell: it cannot be closed meanwhile. */
  pending?: boolean;
  /** It holds what would be lost: only its own buttons close it. */
  held?: boolean;
  /** Its content is on its way: the focus waits on the dialog itself. */
  loading?: boolean;
  /** `alertdialog` asks before something that cannot be undone. */
  role?: 'dialog' | 'alertdialog';
  children: ReactNode;
}

/**
 * A modal dialog. It is open as long as it is rendered.
 *
 * The backdrop is our own instead of Radix's, whose scroll lock writes a style element, which a strict
 * Content-Security-Policy refuses.
 */
export function Dialog({
  title,
  onClose,
  pending,
  held,
  loading,
  returnFocus,
  role = 'dialog',
  children,
}: DialogProps) {
  usePageHeldStill();

  function close() {
    if (!pending && !held) onClose();
  }

  return (
    <Radix.Root open onOpenChange={close}>
      <Radix.Portal>
        <div className={styles.backdrop}>
          <Radix.Content
            role={role}
            className={styles.dialog}
            aria-modal="true"
            // Toasts lie above a dialog; dismissing one leaves the dialog open.
            onInteractOutside={(event) => {
              if (isInToast(event.target)) event.preventDefault();
            }}
            onOpenAutoFocus={(event) => {
              if (!loading) return;
              event.preventDefault();
              if (event.target instanceof HTMLElement) event.target.focus();
            }}
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              returnFocus()?.focus();
            }}
          >
            <header className={styles.header}>
              <Radix.Title className={styles.title}>{title}</Radix.Title>
            </header>
            {children}
            {!held && (
              <div className={styles.close}>
                <IconButton label="Close" icon={<CloseIcon />} onClick={close} />
              </div>
            )}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The page behind does not scroll, and does not move sideways when its scrollbar goes. A dialog may lie on another. */
function usePageHeldStill() {
  useLayoutEffect(() => {
    const page = document.documentElement;
    const { overflow, paddingInlineEnd } = page.style;
    if (overflow !== 'hidden') {
      page.style.paddingInlineEnd = `${window.innerWidth - page.clientWidth}px`;
      page.style.overflow = 'hidden';
    }
    return () => {
      page.style.paddingInlineEnd = paddingInlineEnd;
      page.style.overflow = overflow;
    };
  }, []);
}

export function DialogBody({ children }: { children: ReactNode }) {
  return <div className={styles.body}>{children}</div>;
}

/** What a confirmation is about; a screen reader reads it together with the title. */
export function DialogDescription({ children }: { children: ReactNode }) {
  return (
    <Radix.Description asChild>
      <div className={styles.description}>{children}</div>
    </Radix.Description>
  );
}

/** The dialog's buttons, the way out first. */
export function DialogFooter({ note, children }: { note?: ReactNode; children: ReactNode }) {
  return (
    <footer className={styles.footer}>
      {note && <div className={styles.note}>{note}</div>}
      <div className={styles.buttons}>{children}</div>
    </footer>
  );
}

/** Stands in for a dialog whose content is on its way. */
export function LoadingDialog(frame: DialogFrame) {
  return (
    <Dialog loading {...frame}>
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

/** Stands in for a dialog that has nothing to show any more, and says why. */
export function NoticeDialog({ children, ...frame }: DialogFrame & { children: string }) {
  return (
    <Dialog {...frame}>
      <DialogBody>
        <p role="alert">{children}</p>
      </DialogBody>
      <DialogFooter>
        <Button onClick={frame.onClose}>Back to the list</Button>
      </DialogFooter>
    </Dialog>
  );
}

interface FailedDialogProps extends DialogFrame {
  messages: readonly string[];
  /** It is being tried again; what succeeds shows the dialog itself in this one's place. */
  retrying: boolean;
  onRetry: () => void;
}

/** Stands in for a dialog whose content did not come. */
export function FailedDialog({ messages, retrying, onRetry, ...frame }: FailedDialogProps) {
  return (
    <Dialog {...frame}>
      <DialogBody>
        <ErrorCallout messages={messages} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={frame.onClose}>Cancel</Button>
        <Button variant="primary" pending={retrying} onClick={onRetry}>
          Retry
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
