import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo } from 'react';
import { Outlet, useLocation, useNavigate, useSearchParams } from 'react-router';
import { permissionRequired } from '../i18n/error-messages.ts';
import { errorMessages } from '../api/request.ts';
import type { OrgUser } from '../api/session.ts';
import { dialogLink } from '../common/dialog-link.ts';
import { ConnectionFilters, FILTER_FIELD_ID } from '../features/connections/connection-filters.tsx';
import { obstacleToShare } from '../features/connections/connection.ts';
import { ConnectionsTable, ConnectionsTableSkeleton } from '../features/connections/connections-table.tsx';
import { dialogTitleAt, openerId } from '../features/connections/dialogs.ts';
import {
  applyListView,
  type ListView,
  readListView,
  writeListView,
} from '../features/connections/list-view.ts';
import { connectionsOptions, orgsOptions } from '../features/connections/queries.ts';
import { Button } from '../ui/button.tsx';
import { Callout } from '../ui/callout.tsx';
import { formatNumber } from '../ui/format.ts';
import { ConnectionArt, PlusIcon } from '../ui/icons.tsx';
import { MessagePanel } from '../ui/message-panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { SETTINGS_PAGES } from '../common/navigation.ts';
import { useDocumentTitle } from '../common/use-document-title.ts';
import { preloadDialog, preloadDialogsWhenIdle } from './dialog-chunks.ts';
import styles from './cross-org-visibility-page.module.css';
import { useOrgUser } from '../common/use-org-user.ts';
import { PageHeader, pageHeading } from './page-header.tsx';

const { title: TITLE, permission: PERMISSION } = SETTINGS_PAGES.connections;

export function CrossOrgVisibilityPage() {
  const user = useOrgUser();
  const { pathname } = useLocation();
  const canRead = user.permissions.includes(PERMISSION);
  useDocumentTitle(dialogTitleAt(pathname), TITLE, user.org.name);

  return canRead ? (
    <ConnectionList user={user} />
  ) : (
    <div className={styles.page}>
      <PageHeader title={TITLE} />
      <MessagePanel title="You cannot see this organization’s connections">
        <p>
          {permissionRequired(PERMISSION)} An administrator of {user.org.name} can grant it.
        </p>
      </MessagePanel>
    </div>
  );
}

function ConnectionList({ user }: { user: OrgUser }) {
  const connections = useQuery(connectionsOptions(user.org.id));
  const orgs = useQuery(orgsOptions(user.org.id));
  const [params, setParams] = useSearchParams();
  const { search } = useLocation();
  const navigate = useNavigate();

  const view = useMemo(() => readListView(params), [params]);
  // The field follows the keys at once; a long list may follow a moment later.
  const deferredView = useDeferredValue(view);
  const all = connections.data;
  const shown = useMemo(() => applyListView(all ?? [], deferredView), [all, deferredView]);

  const currentOrg = orgs.data?.current;
  const isFeatureOff = currentOrg?.cross_org_visibility === false;
  const canWrite = user.permissions.includes('org_connections_write');
  const obstacle = obstacleToShare(user, isFeatureOff);

  const isLoaded = all !== undefined;
  useEffect(() => (isLoaded ? preloadDialogsWhenIdle() : undefined), [isLoaded]);

  function show(changed: ListView) {
    setParams(writeListView(params, changed), { replace: true });
  }

  // What was pressed goes away with what it mended: the focus goes where one continues.
  function clearFilters() {
    show({ ...view, filter: '', side: 'all' });
    document.getElementById(FILTER_FIELD_ID)?.focus();
  }

  async function retry() {
    const { isSuccess } = await connections.refetch();
    if (isSuccess) pageHeading()?.focus();
  }

  const newConnection = (
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
      New Connection
    </Button>
  );

  if (connections.isError && !all) {
    return (
      <div className={styles.page}>
        <PageHeader title={TITLE} />
        <MessagePanel
          role="alert"
          title="The connections could not be loaded"
          action={
            <Button pending={connections.isFetching} onClick={() => void retry()}>
              Retry
            </Button>
          }
        >
          {errorMessages(connections.error).map((message) => (
            <p key={message}>{message}</p>
          ))}
        </MessagePanel>
      </div>
    );
  }

  const isEmpty = all?.length === 0;

  return (
    <div className={styles.page}>
      {/* Once it is known where it stands: it must not move away under the pointer. */}
      <PageHeader
        title={TITLE}
        action={all ? !isEmpty && newConnection : <Skeleton width="11rem" height="2.25rem" />}
      />

      {!canWrite && (
        <Callout>
          You can see these connections but not change them. {permissionRequired('org_connections_write')}
        </Callout>
      )}
      {isFeatureOff && (
        <Callout tone="warning">
          Cross-org visibility is off in {user.org.name}. It can share with no other organization, and none
          can share with it, until the feature is turned on here.
        </Callout>
      )}
      {connections.isError && (
        <Callout
          live="polite"
          action={
            <Button variant="quiet" pending={connections.isFetching} onClick={() => void retry()}>
              Retry
            </Button>
          }
        >
          The list could not be refreshed and may be out of date. {errorMessages(connections.error).join(' ')}
        </Callout>
      )}

      {!isEmpty && <ConnectionFilters view={view} onChange={show} shown={shown.length} total={all?.length} />}
      {!all && (
        <>
          <output className="visually-hidden">Loading connections</output>
          <ConnectionsTableSkeleton sort={view.sort} onSort={(sort) => show({ ...view, sort })} />
        </>
      )}
      {isEmpty && (
        <MessagePanel art={<ConnectionArt />} title="No connections yet" action={newConnection}>
          <p>
            A connection lets another organization of your account, the destination, query data of{' '}
            {user.org.name}, the source. The data stay here: nothing is copied, and deleting the connection
            ends the access.
          </p>
          {typeof currentOrg?.max_destinations === 'number' && (
            <p>An organization can share with up to {formatNumber(currentOrg.max_destinations)} others.</p>
          )}
        </MessagePanel>
      )}
      {shown.length > 0 && (
        <ConnectionsTable
          connections={shown}
          user={user}
          sort={deferredView.sort}
          onSort={(sort) => show({ ...view, sort })}
          onIntent={preloadDialog}
        />
      )}
      {all && !isEmpty && shown.length === 0 && (
        <MessagePanel
          title="No connection matches"
          action={<Button onClick={clearFilters}>Clear filters</Button>}
        >
          <p>None of the {formatNumber(all.length)} connections fits what you are looking for.</p>
        </MessagePanel>
      )}

      <Outlet context={user} />
    </div>
  );
}
