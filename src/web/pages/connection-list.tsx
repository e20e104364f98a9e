import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { OrgUser } from '../api/session.ts';
import { PAGES } from '../common/navigation.ts';
import { ConnectionFilters, FILTER_FIELD_ID } from '../features/connections/connection-filters.tsx';
import { obstacleToShare } from '../features/connections/connection.ts';
import { ConnectionsTable, ConnectionsTableSkeleton } from '../features/connections/connections-table.tsx';
import {
  applyListView,
  type ListView,
  readListView,
  writeListView,
} from '../features/connections/list-view.ts';
import { connectionsOptions, orgsOptions } from '../features/connections/queries.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import {
  EmptyList,
  FailedList,
  ListNotices,
  NewConnectionButton,
  NoMatch,
} from './connection-list-parts.tsx';
import { preloadDialog, preloadDialogsWhenIdle } from './dialog-chunks.tsx';
import { messages } from './messages.ts';
import { PageHeader, pageHeading } from './page-header.tsx';

const { title } = PAGES.connections;

/** The connections of an organization, with filters and links to the dialogs. */
export function ConnectionList({ user }: { user: OrgUser }) {
  const connections = useQuery(connectionsOptions(user.org.id));
  const { data: orgs } = useQuery(orgsOptions(user.org.id));
  const { view, deferredView, show } = useListView();
  const all = connections.data;
  const shown = useMemo(() => applyListView(all ?? [], deferredView), [all, deferredView]);
  const sorting = { sort: deferredView.sort, onSort: (sort: ListView['sort']) => show({ ...view, sort }) };

  const isFeatureOff = orgs?.current?.cross_org_visibility === false;
  const newConnection = <NewConnectionButton obstacle={obstacleToShare(user, isFeatureOff)} />;

  const isLoaded = all !== undefined;
  useEffect(() => (isLoaded ? preloadDialogsWhenIdle() : undefined), [isLoaded]);

  // The button unmounts on success; move focus to the heading.
  async function retry() {
    const { isSuccess } = await connections.refetch();
    if (isSuccess) pageHeading()?.focus();
  }

  // The button unmounts; move focus to the filter.
  function clearFilters() {
    show({ ...view, filter: '', side: 'all' });
    document.getElementById(FILTER_FIELD_ID)?.focus();
  }

  if (!all && connections.isError) {
    return (
      <>
        <PageHeader title={title} />
        <FailedList query={connections} onRetry={() => void retry()} />
      </>
    );
  }

  const isEmpty = all?.length === 0;

  return (
    <>
      {/* Shown once its place is known, so that it does not move under the pointer. */}
      <PageHeader
        title={title}
        action={all ? !isEmpty && newConnection : <Skeleton width="11rem" height="2.25rem" />}
      />
      <ListNotices
        user={user}
        isFeatureOff={isFeatureOff && !isEmpty}
        query={connections}
        onRetry={() => void retry()}
      />
      {!isEmpty && <ConnectionFilters view={view} onChange={show} shown={shown.length} total={all?.length} />}
      {!all && (
        <>
          <output className="visually-hidden">{messages.loadingConnections}</output>
          <ConnectionsTableSkeleton {...sorting} />
        </>
      )}
      {isEmpty && (
        <EmptyList
          org={user.org.name}
          isFeatureOff={isFeatureOff}
          limit={orgs?.current?.max_destinations}
          action={newConnection}
        />
      )}
      {shown.length > 0 && (
        <ConnectionsTable connections={shown} user={user} {...sorting} onIntent={preloadDialog} />
      )}
      {all && !isEmpty && shown.length === 0 && <NoMatch total={all.length} onClear={clearFilters} />}
    </>
  );
}

/** The list's filters and order, from the URL. */
function useListView() {
  const [params, setParams] = useSearchParams();
  const view = useMemo(() => readListView(params), [params]);
  return {
    view,
    /** The field follows each key at once; a long list may follow later. */
    deferredView: useDeferredValue(view),
    show: (changed: ListView) => setParams(writeListView(params, changed), { replace: true }),
  };
}
