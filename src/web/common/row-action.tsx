import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { dialogLink } from './dialog-link.ts';
import { iconButtonClass } from '../ui/icon-button.tsx';
import { tooltip } from '../ui/tooltip.tsx';

interface RowActionProps {
  id: string;
  name: string;
  /** What the name is said of, for screen readers. */
  about: string;
  icon: ReactNode;
  tone?: 'neutral' | 'danger';
  /** The dialog that it opens. */
  path: string;
  /** Why it does nothing now. It stays focusable, so that the reason can be reached. */
  obstacle?: string | undefined;
  /** It says something of the row, and is seen without pointing at it. */
  keptInView?: boolean;
  /** The pointer or the focus is on it: what it opens can be fetched. */
  onIntent?: () => void;
}

/** A control of a table's row: a link to a dialog that is a route below the table's page. */
export function RowAction({
  name,
  about,
  icon,
  tone,
  path,
  obstacle,
  keptInView,
  onIntent,
  id,
}: RowActionProps) {
  const { search } = useLocation();
  const shared = {
    id,
    'data-kept-in-view': keptInView || undefined,
    'aria-label': `${name} ${about}`,
    className: iconButtonClass(tone),
    children: icon,
    ...tooltip(obstacle ?? name),
  };
  if (obstacle === undefined)
    return <Link {...shared} {...dialogLink(path, search)} onPointerEnter={onIntent} onFocus={onIntent} />;
  // A link that leads nowhere now: without an address, <a> would be no link either.
  // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
  return <span {...shared} role="link" tabIndex={0} aria-disabled="true" />;
}
