import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { classNames } from './class-names.ts';
import { IconButton } from './icon-button.tsx';
import { CheckIcon, CloseIcon, WarningIcon } from './icons.tsx';
import styles from './toast.module.css';

interface ToastMessage {
  id: number;
  text: string;
  tone: ToastTone;
}

/** A `warning` stays until it is dismissed: it may appear while the person looks elsewhere. */
type ToastTone = 'success' | 'warning' | 'danger';
type ShowToast = (text: string, tone?: ToastTone) => void;

const SHOWN_FOR = 6000;

const ToastContext = createContext<ShowToast>(() => undefined);

/** Says in passing what came of something. A failure is said where it was tried, and here only if that place is gone. */
export function useToast(): ShowToast {
  return useContext(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [messages, setMessages] = useState<ToastMessage[]>([]);
  const lastId = useRef(0);
  const [show] = useState(() => (text: string, tone: ToastTone = 'success') => {
    lastId.current += 1;
    const message = { id: lastId.current, text, tone };
    setMessages((shown) => [...shown.slice(-2), message]);
  });
  const [dismiss] = useState(() => (id: number) => {
    setMessages((shown) => shown.filter((message) => message.id !== id));
  });

  return (
    <ToastContext value={show}>
      {children}
      <section className={styles.region} aria-label="Notifications" aria-live="polite">
        {messages.map((message) => (
          <Toast key={message.id} message={message} onDismiss={dismiss} />
        ))}
      </section>
    </ToastContext>
  );
}

/** Whether an event is about a toast, even one that the event has just dismissed. */
export function isInToast(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-toast]') !== null;
}

/** Disappears after a while, unless it is a warning or has the pointer or the focus on it. */
function Toast({ message, onDismiss }: { message: ToastMessage; onDismiss: (id: number) => void }) {
  const [held, setHeld] = useState(false);

  useEffect(() => {
    if (held || message.tone === 'warning') return undefined;
    const timer = setTimeout(() => onDismiss(message.id), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [held, message, onDismiss]);

  return (
    <div
      data-toast
      className={classNames(styles.toast, styles[message.tone])}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {message.tone === 'success' ? <CheckIcon /> : <WarningIcon />}
      <p className={styles.text}>{message.text}</p>
      <IconButton label="Dismiss" icon={<CloseIcon />} onClick={() => onDismiss(message.id)} />
    </div>
  );
}
