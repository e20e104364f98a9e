import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { useDocumentTitle } from '../common/use-document-title.ts';
import { useOrgUser } from '../common/use-org-user.ts';
import { Button } from '../ui/button.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { MessagePanel } from '../ui/message-panel.tsx';
import { messages } from './messages.ts';
import { PageHeader, pageHeading } from './page-header.tsx';
import { useChunkRetry, useOnline } from './use-chunk-retry.ts';

interface PageBoundaryProps {
  title: string;
  preload: () => Promise<unknown>;
  children: ReactNode;
}

/** Shows an error in place of a page that cannot be loaded. The bar and the navigation stay. */
export function PageBoundary({ title, preload, children }: PageBoundaryProps) {
  const { isRetrying, retry } = useChunkRetry(preload);

  return (
    <ErrorBoundary
      renderFallback={(reset) => (
        <FailedPage title={title} isRetrying={isRetrying} onRetry={() => void retry(() => showPage(reset))} />
      )}
    >
      {children}
    </ErrorBoundary>
  );
}

function showPage(reset: () => void) {
  flushSync(reset);
  // Retry, which had focus, is gone.
  if (document.activeElement === document.body) pageHeading()?.focus();
}

interface FailedPageProps {
  title: string;
  isRetrying: boolean;
  onRetry: () => void;
}

/** Retries when the browser is online again. */
function FailedPage({ title, isRetrying, onRetry }: FailedPageProps) {
  const user = useOrgUser();
  useDocumentTitle(title, user.org.name);

  useOnline(onRetry);

  return (
    <>
      <PageHeader title={title} />
      <MessagePanel
        role="alert"
        title={messages.pageNotLoaded}
        action={
          <Button pending={isRetrying} onClick={onRetry}>
            {messages.retry}
          </Button>
        }
      >
        <p>{navigator.onLine ? messages.pageNotLoadedText : messages.pageNotLoadedOffline}</p>
      </MessagePanel>
    </>
  );
}
