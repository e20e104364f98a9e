import { type ReactNode, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { isServerThere } from '../api/request.ts';
import { isOpenedFromPage } from '../common/dialog-link.ts';
import { type DialogFrame, FailedDialog } from '../ui/dialog.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { pageHeading } from './page-header.tsx';

interface DialogBoundaryProps extends DialogFrame {
  preload: () => Promise<unknown>;
  children: ReactNode;
}

/** A dialog that cannot be shown leaves the page as it is. Another address is another dialog. */
export function DialogBoundary({ preload, children, ...dialog }: DialogBoundaryProps) {
  const { pathname } = useLocation();
  const [isRetrying, setIsRetrying] = useState(false);

  async function retry(reset: () => void) {
    setIsRetrying(true);
    try {
      await preload();
      reset();
    } catch {
      // A server that answers no longer has this part: a newer version is installed. Its page opens the same dialog.
      if (await isServerThere()) location.reload();
    }
    setIsRetrying(false);
  }

  return (
    <ErrorBoundary
      key={pathname}
      renderFallback={(reset) => (
        <FailedDialog
          {...dialog}
          messages={['This dialog could not be loaded. Check your connection and try again.']}
          retrying={isRetrying}
          onRetry={() => void retry(reset)}
        />
      )}
    >
      {children}
    </ErrorBoundary>
  );
}

interface DialogRoute {
  title: string;
  /** The page that the dialog is a route below of. */
  below: string;
  /** The element that opens it. */
  openerId: string;
}

/** A dialog as a route below a page: what closes it, and where the focus goes then. */
export function useDialogRoute({ title, below, openerId }: DialogRoute): DialogFrame {
  const navigate = useNavigate();
  const { search, state } = useLocation();
  const isClosing = useRef(false);

  return {
    title,
    onClose: () => {
      if (isClosing.current) return;
      isClosing.current = true;
      // Opened from the page, the page is one step back. Opened by a link, it takes the dialog's place.
      if (isOpenedFromPage(state)) void navigate(-1);
      else void navigate({ pathname: below, search }, { replace: true });
    },
    returnFocus: () => document.getElementById(openerId) ?? pageHeading(),
  };
}
