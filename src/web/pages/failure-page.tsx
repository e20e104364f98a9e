import { Button } from '../ui/button.tsx';
import { PlainPage } from './plain-page.tsx';

interface FailurePageProps {
  messages: readonly string[];
  retryLabel?: string;
  onRetry: () => void;
  isRetrying?: boolean;
}

/** Nothing can be shown at all: the session cannot be read, or the console itself failed. */
export function FailurePage({ messages, retryLabel = 'Retry', onRetry, isRetrying }: FailurePageProps) {
  return (
    <PlainPage title="Something went wrong">
      <div role="alert">
        {messages.map((message) => (
          <p key={message}>{message}</p>
        ))}
      </div>
      <Button variant="primary" pending={isRetrying} onClick={onRetry}>
        {retryLabel}
      </Button>
    </PlainPage>
  );
}
