import { messages as common } from '../../common/messages.ts';
import type { OrgUser } from '../../api/session.ts';
import { Header, SkeletonRows, SortableHeader, Table } from '../../ui/table.tsx';
import type { Connection } from './connection.ts';
import { ConnectionRow } from './connection-row.tsx';
import type { DialogName } from './dialogs.ts';
import { type ListView, nextSort, type SortColumn } from './list-view.ts';
import { messages } from './messages.ts';

interface ConnectionsTableProps {
  connections: readonly Connection[];
  user: OrgUser;
  sort: ListView['sort'];
  onSort: (sort: ListView['sort']) => void;
  /** Called when the pointer or focus reaches a link to a dialog, which can then be fetched. Must not change. */
  onIntent: (dialog: DialogName) => void;
}

export function ConnectionsTable({ connections, user, sort, onSort, onIntent }: ConnectionsTableProps) {
  return (
    <Table label={messages.table} head={<Headers sort={sort} onSort={onSort} />}>
      {connections.map((connection) => (
        <ConnectionRow key={connection.id} connection={connection} user={user} onIntent={onIntent} />
      ))}
    </Table>
  );
}

type HeadersProps = Pick<ConnectionsTableProps, 'sort' | 'onSort'>;

/** The table while its first rows load. Its order can already be chosen. */
export function ConnectionsTableSkeleton(sorting: HeadersProps) {
  return (
    <Table label={messages.table} busy head={<Headers {...sorting} />}>
      <SkeletonRows rows={5} labels={Object.values(messages.columns)} />
    </Table>
  );
}

function Headers(sorting: HeadersProps) {
  return (
    <>
      <ColumnHeader column="source" detail={messages.organizationColumn} {...sorting} />
      <ColumnHeader column="destination" detail={messages.organizationColumn} {...sorting} />
      <Header label={messages.columns.types} />
      <ColumnHeader column="created-by" {...sorting} />
      <ColumnHeader column="created" {...sorting} />
      <Header label={common.actions} labelHidden />
    </>
  );
}

interface ColumnHeaderProps extends HeadersProps {
  column: SortColumn;
  detail?: string;
}

function ColumnHeader({ column, detail, sort, onSort }: ColumnHeaderProps) {
  const direction = sort.descending ? 'descending' : 'ascending';
  return (
    <SortableHeader
      label={messages.columns[column]}
      detail={detail}
      direction={sort.column === column ? direction : undefined}
      onSort={() => onSort(nextSort(sort, column))}
    />
  );
}
