import { type ReactNode, useLayoutEffect } from 'react';
import styles from './dialog.module.css';

/* Parts of dialogs that need no library. dialog.tsx and light-dialog.tsx frame them. */

/** What the opener of a dialog decides. */
export interface DialogFrame {
  title: string;
  /** Called for Esc, the backdrop and the close button. */
  onClose: () => void;
  /** Returns the element that takes focus when the dialog has closed. */
  returnFocus: () => HTMLElement | null;
}

/** Keeps the page behind a dialog from scrolling, and from shifting when its scrollbar disappears. Dialogs may be stacked. */
export function useScrollLock() {
  useLayoutEffect(() => {
    const { style, clientWidth } = document.documentElement;
    if (openDialogs === 0) {
      style.paddingInlineEnd = `${window.innerWidth - clientWidth}px`;
      style.overflow = 'hidden';
    }
    openDialogs += 1;
    return () => {
      openDialogs -= 1;
      if (openDialogs > 0) return;
      style.paddingInlineEnd = '';
      style.overflow = '';
    };
  }, []);
}

/** Number of dialogs that lock the page. They may close in any order. */
let openDialogs = 0;

export function DialogBody({ children }: { children: ReactNode }) {
  return <div className={styles.body}>{children}</div>;
}

/** The dialog's buttons, Cancel first. */
export function DialogFooter({ note, children }: { note?: ReactNode; children: ReactNode }) {
  return (
    <footer className={styles.footer}>
      {note && <div className={styles.note}>{note}</div>}
      <div className={styles.buttons}>{children}</div>
    </footer>
  );
}
