import * as Radix from '@radix-ui/react-dialog';
import type { ReactNode } from 'react';
import { type DialogFrame, useScrollLock } from './dialog-parts.tsx';
import styles from './dialog.module.css';
import { IconButton } from './icon-button.tsx';
import { XIcon } from 'lucide-react';
import { messages } from './messages.ts';
import { isInToast } from './toast.tsx';

interface DialogProps extends DialogFrame {
  /** A request is running whose result the dialog shows: it cannot be closed. */
  pending?: boolean;
  /** Closing would lose what it shows: only its own buttons close it. */
  held?: boolean;
  /** `alertdialog` asks before an action that cannot be undone. */
  role?: 'dialog' | 'alertdialog';
  children: ReactNode;
}

const DIALOGS = 'dialog, [role$="dialog"]';

/**
 * A modal dialog. It is open as long as it is rendered.
 *
 * It has its own backdrop, because the scroll lock of Radix's writes a style element, which the Content-Security-Policy
 * refuses.
 */
export function Dialog({
  title,
  onClose,
  pending,
  held,
  returnFocus,
  role = 'dialog',
  children,
}: DialogProps) {
  useScrollLock();

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
            // Toasts are above a dialog; dismissing one keeps the dialog open.
            onInteractOutside={(event) => {
              if (isInToast(event.target)) event.preventDefault();
            }}
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              // Focus is already in the dialog that replaces this one.
              if (!document.activeElement?.closest(DIALOGS)) returnFocus()?.focus();
            }}
          >
            <header className={styles.header}>
              <Radix.Title className={styles.title}>{title}</Radix.Title>
            </header>
            {children}
            {!held && (
              <div className={styles.close}>
                <IconButton label={messages.close} icon={<XIcon />} onClick={close} />
              </div>
            )}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The explanation of a confirmation; screen readers read it together with the title. */
export function DialogDescription({ children }: { children: ReactNode }) {
  return (
    <Radix.Description asChild>
      <div className={styles.description}>{children}</div>
    </Radix.Description>
  );
}
