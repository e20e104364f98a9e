import { Link } from 'react-router';
import { buttonClass } from '../ui/button.tsx';
import { PlainPage } from './plain-page.tsx';

export function NotFoundPage() {
  return (
    <PlainPage title="Page not found">
      <p>This page doesn't exist. It may be mistyped, or the page may have moved.</p>
      <Link to="/" className={buttonClass('primary')}>
        Go to the start page
      </Link>
    </PlainPage>
  );
}
