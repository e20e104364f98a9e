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

type ToastTone = 'success' | 'danger';
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

/** Goes after a while, but not while somebody is reading it with the pointer or the keyboard on it. */
function Toast({ message, onDismiss }: { message: ToastMessage; onDismiss: (id: number) => void }) {
  const [held, setHeld] = useState(false);

  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => onDismiss(message.id), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [held, message.id, onDismiss]);

  return (
    <div
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
