import { Link } from 'react-router';
import { buttonClass } from '../ui/button.tsx';
import { messages } from './messages.ts';
import { PlainPage } from './plain-page.tsx';

export function NotFoundPage() {
  return (
    <PlainPage title={messages.notFound}>
      <p>{messages.notFoundText}</p>
      <Link to="/" className={buttonClass('primary')}>
        {messages.goToStart}
      </Link>
    </PlainPage>
  );
}
