import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { classNames } from './class-names.ts';
import { IconButton } from './icon-button.tsx';
import { CheckIcon, TriangleAlertIcon, XIcon } from 'lucide-react';
import { messages } from './messages.ts';
import styles from './toast.module.css';

interface ToastMessage {
  id: number;
  text: string;
  tone: ToastTone;
}

/** A `warning` stays until it is dismissed: it may appear while the person is away. */
type ToastTone = 'success' | 'warning' | 'danger';
type ShowToast = (text: string, tone?: ToastTone) => void;

const SHOWN_FOR = 6000;

const ToastContext = createContext<ShowToast>(() => undefined);

/** Returns a function that shows a toast. An error is shown where it happened, and in a toast only if that place is gone. */
export function useToast(): ShowToast {
  return useContext(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<ToastMessage[]>([]);
  const lastId = useRef(0);
  const [show] = useState(() => (text: string, tone: ToastTone = 'success') => {
    lastId.current += 1;
    const message = { id: lastId.current, text, tone };
    setToasts((shown) => [...shown.slice(-2), message]);
  });
  const [dismiss] = useState(() => (id: number) => {
    setToasts((shown) => shown.filter((message) => message.id !== id));
  });

  return (
    <ToastContext value={show}>
      {children}
      <section className={styles.region} aria-label={messages.notifications} aria-live="polite">
        {toasts.map((message) => (
          <Toast key={message.id} message={message} onDismiss={dismiss} />
        ))}
      </section>
    </ToastContext>
  );
}

/** Returns whether an event targets a toast, even one that the event has just dismissed. */
export function isInToast(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-toast]') !== null;
}

/** Disappears after a while, unless it is a warning, hovered or focused. */
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
      {message.tone === 'success' ? <CheckIcon /> : <TriangleAlertIcon />}
      <p className={styles.text}>{message.text}</p>
      <IconButton label={messages.dismiss} icon={<XIcon />} onClick={() => onDismiss(message.id)} />
    </div>
  );
}
