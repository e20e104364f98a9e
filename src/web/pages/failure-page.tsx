import { Button } from '../ui/button.tsx';
import { messages } from './messages.ts';
import { PlainPage } from './plain-page.tsx';

interface FailurePageProps {
  errors: readonly string[];
  retryLabel?: string;
  onRetry: () => void;
  isRetrying?: boolean;
}

/** Replaces everything when the session cannot be loaded or the console fails. */
export function FailurePage({ errors, retryLabel = messages.retry, onRetry, isRetrying }: FailurePageProps) {
  return (
    <PlainPage title={messages.somethingWrong}>
      <div role="alert">
        {errors.map((error) => (
          <p key={error}>{error}</p>
        ))}
      </div>
      <Button variant="primary" pending={isRetrying} onClick={onRetry}>
        {retryLabel}
      </Button>
    </PlainPage>
  );
}
