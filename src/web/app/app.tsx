import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { BrowserRouter } from 'react-router';
import { FailurePage } from '../pages/failure-page.tsx';
import { useOnline } from '../pages/use-chunk-retry.ts';
import { messages } from './messages.ts';
import { PersonBoundary } from './person-boundary.tsx';
import { AppRoutes } from './routes.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { TooltipLayer } from '../ui/tooltip.tsx';

export function App({ queryClient }: { queryClient: QueryClient }) {
  return (
    <QueryClientProvider client={queryClient}>
      {/* Without transitions, a text field whose value is in the URL follows each key at once. */}
      <BrowserRouter useTransitions={false}>
        <PersonBoundary>
          <ErrorBoundary renderFallback={() => <CrashPage />}>
            <AppRoutes />
          </ErrorBoundary>
        </PersonBoundary>
        <TooltipLayer />
      </BrowserRouter>
    </QueryClientProvider>
  );
}

/** Reloads when the browser is online again. After a deployment, too, a reload helps: chunks of an open page may no longer exist. */
function CrashPage() {
  useOnline(reload);
  return (
    <FailurePage
      errors={[navigator.onLine ? messages.crashed : messages.offline]}
      retryLabel={messages.reload}
      onRetry={reload}
    />
  );
}

function reload() {
  location.reload();
}
