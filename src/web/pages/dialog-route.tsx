import { type ReactNode, useRef } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { isOpenedFromPage } from '../common/dialog-link.ts';
import { Button } from '../ui/button.tsx';
import type { DialogFrame } from '../ui/dialog-parts.tsx';
import { FailedDialog } from '../ui/light-dialog.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { messages } from './messages.ts';
import { pageHeading } from './page-header.tsx';
import { useChunkRetry, useOnline } from './use-chunk-retry.ts';

interface DialogBoundaryProps extends DialogFrame {
  preload: () => Promise<unknown>;
  children: ReactNode;
}

/** Shows an error in place of a dialog that cannot be loaded. The page stays as it is. */
export function DialogBoundary({ preload, children, ...dialog }: DialogBoundaryProps) {
  const { pathname } = useLocation();
  const { isRetrying, retry } = useChunkRetry(preload);

  return (
    <ErrorBoundary
      key={pathname}
      renderFallback={(reset) => (
        <NotLoadedDialog {...dialog} isRetrying={isRetrying} onRetry={() => void retry(reset)} />
      )}
    >
      {children}
    </ErrorBoundary>
  );
}

interface NotLoadedDialogProps extends DialogFrame {
  isRetrying: boolean;
  onRetry: () => void;
}

/** Retries when the browser is online again. */
function NotLoadedDialog({ isRetrying, onRetry, ...dialog }: NotLoadedDialogProps) {
  useOnline(onRetry);
  return (
    <FailedDialog
      {...dialog}
      errors={[navigator.onLine ? messages.dialogNotLoaded : messages.dialogNotLoadedOffline]}
      action={navigator.onLine && <Button onClick={() => location.reload()}>{messages.reload}</Button>}
      retrying={isRetrying}
      onRetry={onRetry}
    />
  );
}

interface DialogRoute {
  title: string;
  /** Path of the page. */
  below: string;
  /** Id of the element that opens the dialog. */
  openerId: string;
}

/** Returns how a dialog that is a route below a page closes, and where focus goes then. */
export function useDialogRoute({ title, below, openerId }: DialogRoute): DialogFrame {
  const navigate = useNavigate();
  const { search, state } = useLocation();
  const isClosing = useRef(false);

  return {
    title,
    onClose: () => {
      if (isClosing.current) return;
      isClosing.current = true;
      // A dialog opened from the page has the page as the previous history entry; one opened by a link is replaced.
      if (isOpenedFromPage(state)) void navigate(-1);
      else void navigate({ pathname: below, search }, { replace: true });
    },
    returnFocus: () => document.getElementById(openerId) ?? pageHeading(),
  };
}
