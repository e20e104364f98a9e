import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { BrowserRouter } from 'react-router';
import { FailurePage } from '../pages/failure-page.tsx';
import { PersonBoundary } from './person-boundary.tsx';
import { AppRoutes } from './routes.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { TooltipLayer } from '../ui/tooltip.tsx';

export function App({ queryClient }: { queryClient: QueryClient }) {
  return (
    <QueryClientProvider client={queryClient}>
      {/* Not in transitions: a text field whose value lives in the address must follow each key at once. */}
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

/** After a deployment, parts of the console that an open page asks for may be gone: loading it anew helps. */
function CrashPage() {
  return (
    <FailurePage
      messages={['The console stopped working, or a newer version of it has been installed.']}
      retryLabel="Reload the page"
      onRetry={() => location.reload()}
    />
  );
}
