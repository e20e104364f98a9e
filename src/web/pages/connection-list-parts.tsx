import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { errorMessages } from '../api/request.ts';
import type { OrgUser } from '../api/session.ts';
import { dialogLink } from '../common/dialog-link.ts';
import { messages as common } from '../common/messages.ts';
import { openerId } from '../features/connections/dialogs.ts';
import { messages as connectionMessages } from '../features/connections/messages.ts';
import { Button } from '../ui/button.tsx';
import { Callout } from '../ui/callout.tsx';
import { PlusIcon } from 'lucide-react';
import { ConnectionArt } from '../ui/art.tsx';
import { MessagePanel } from '../ui/message-panel.tsx';
import { preloadDialog } from './dialog-chunks.tsx';
import { messages } from './messages.ts';

/* Parts of the list of connections besides its table and filters. */

export function NewConnectionButton({ obstacle }: { obstacle: string | undefined }) {
  const navigate = useNavigate();
  const { search } = useLocation();
  return (
    <Button
      id={openerId('new')}
      variant="primary"
      obstacle={obstacle}
      onPointerEnter={() => preloadDialog('new')}
      onFocus={() => preloadDialog('new')}
      onClick={() => {
        const { to, state } = dialogLink('new', search);
        void navigate(to, { state });
      }}
    >
      <PlusIcon />
      {messages.newConnection}
    </Button>
  );
}

interface FailedListProps {
  query: UseQueryResult;
  onRetry: () => void;
}

/** Replaces a list that could not be loaded. */
export function FailedList({ query, onRetry }: FailedListProps) {
  return (
    <MessagePanel
      role="alert"
      title={messages.connectionsFailed}
      action={
        <Button pending={query.isFetching} onClick={onRetry}>
          {messages.retry}
        </Button>
      }
    >
      {errorMessages(query.error).map((error) => (
        <p key={error}>{error}</p>
      ))}
    </MessagePanel>
  );
}

interface ListNoticesProps extends FailedListProps {
  user: OrgUser;
  isFeatureOff: boolean;
}

/** What limits the list or its actions. */
export function ListNotices({ user, isFeatureOff, query, onRetry }: ListNoticesProps) {
  return (
    <>
      {!user.permissions.includes('org_connections_write') && (
        <Callout>
          {messages.readOnly} {common.needsPermission('org_connections_write', user.org.name)}
        </Callout>
      )}
      {isFeatureOff && <Callout tone="warning">{connectionMessages.featureOff(user.org.name)}</Callout>}
      {query.isError && (
        <Callout
          live="polite"
          action={
            <Button variant="quiet" pending={query.isFetching} onClick={onRetry}>
              {messages.retry}
            </Button>
          }
        >
          {messages.outdatedList} {errorMessages(query.error).join(' ')}
        </Callout>
      )}
    </>
  );
}

interface EmptyListProps {
  org: string;
  isFeatureOff: boolean;
  /** Maximum number of destinations; null: no limit. */
  limit: number | null | undefined;
  action: ReactNode;
}

export function EmptyList({ org, isFeatureOff, limit, action }: EmptyListProps) {
  if (isFeatureOff) {
    return (
      <MessagePanel art={<ConnectionArt />} title={messages.featureOffTitle(org)} action={action}>
        <p>{messages.featureOffText}</p>
        <p>{messages.whatConnectionsAre(org)}</p>
      </MessagePanel>
    );
  }
  return (
    <MessagePanel art={<ConnectionArt />} title={messages.noConnections} action={action}>
      <p>{messages.whatConnectionsAre(org)}</p>
      {typeof limit === 'number' && <p>{messages.connectionLimit(limit)}</p>}
    </MessagePanel>
  );
}

/** Replaces the table if no connection matches the filters. */
export function NoMatch({ total, onClear }: { total: number; onClear: () => void }) {
  return (
    <MessagePanel
      title={messages.noMatch}
      action={<Button onClick={onClear}>{messages.clearFilters}</Button>}
    >
      <p>{messages.noMatchText(total)}</p>
    </MessagePanel>
  );
}
