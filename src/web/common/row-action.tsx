import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { dialogLink } from './dialog-link.ts';
import { iconButtonClass } from '../ui/icon-button.tsx';
import { tooltip } from '../ui/tooltip.tsx';

interface RowActionProps {
  id: string;
  /** Shown in the tooltip. */
  name: string;
  /** Accessible name: the action and its object. */
  label: string;
  icon: ReactNode;
  tone?: 'neutral' | 'danger';
  /** Path of the dialog. */
  path: string;
  /** Why the action is not possible now. The link stays focusable, so that the reason can be read. */
  obstacle?: string | undefined;
  /** Called when the pointer or focus reaches the link, so that the dialog can be fetched. */
  onIntent?: () => void;
}

/** A link in a table row to a dialog, which is a route below the page. */
export function RowAction({ name, label, icon, tone, path, obstacle, onIntent, id }: RowActionProps) {
  const { search } = useLocation();
  const shared = {
    id,
    'aria-label': label,
    className: iconButtonClass(tone),
    children: icon,
    ...tooltip(obstacle ?? name),
  };
  if (obstacle === undefined)
    return <Link {...shared} {...dialogLink(path, search)} onPointerEnter={onIntent} onFocus={onIntent} />;
  // A disabled link: an <a> without href would have no role.
  // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
  return <span {...shared} role="link" tabIndex={0} aria-disabled="true" />;
}
