import { memo } from 'react';
import type { OrgUser } from '../../api/session.ts';
import { RowAction } from '../../common/row-action.tsx';
import { Tag } from '../../ui/badge.tsx';
import { LockIcon, OpenLockIcon, PencilIcon, TrashIcon } from '../../ui/icons.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ActionsCell, Cell, Header, Row, SkeletonRows, SortableHeader, Table } from '../../ui/table.tsx';
import {
  type Connection,
  type NamedOrg,
  obstacleTo,
  towardsOtherEnd,
  typeNames,
  type Unavailable,
} from './connection.ts';
import styles from './connections-table.module.css';
import { type DialogName, openerId } from './dialogs.ts';
import { type ListView, nextSort, SORT_COLUMNS, type SortColumn } from './list-view.ts';
import { TypeBadges } from './type-badges.tsx';

interface ConnectionsTableProps {
  connections: readonly Connection[];
  user: OrgUser;
  sort: ListView['sort'];
  onSort: (sort: ListView['sort']) => void;
  /** The pointer or the focus is on what opens a dialog: it can be fetched. Must stay the same function. */
  onIntent: (dialog: DialogName) => void;
}

const LABEL = 'Connections';

export function ConnectionsTable({ connections, user, sort, onSort, onIntent }: ConnectionsTableProps) {
  return (
    <Table label={LABEL} head={<Headers sort={sort} onSort={onSort} />}>
      {connections.map((connection) => (
        <ConnectionRow key={connection.id} connection={connection} user={user} onIntent={onIntent} />
      ))}
    </Table>
  );
}

type HeadersProps = Pick<ConnectionsTableProps, 'sort' | 'onSort'>;

/** The table before its first rows have come. Its order can be chosen already. */
export function ConnectionsTableSkeleton(sorting: HeadersProps) {
  return (
    <Table label={LABEL} busy head={<Headers {...sorting} />}>
      <SkeletonRows rows={5} labels={['Source', 'Destination', 'Data types', 'Created by', 'Created']} />
    </Table>
  );
}

function Headers(sorting: HeadersProps) {
  return (
    <>
      <ColumnHeader column="source" {...sorting} />
      <ColumnHeader column="destination" {...sorting} />
      <Header label="Data types" />
      <ColumnHeader column="created-by" {...sorting} />
      <ColumnHeader column="created" {...sorting} />
      <Header label="Actions" labelHidden />
    </>
  );
}

function ColumnHeader({ column, sort, onSort }: HeadersProps & { column: SortColumn }) {
  const { label, detail } = SORT_COLUMNS[column];
  const direction = sort.descending ? 'descending' : 'ascending';
  return (
    <SortableHeader
      label={label}
      detail={detail}
      direction={sort.column === column ? direction : undefined}
      onSort={() => onSort(nextSort(sort, column))}
    />
  );
}

interface ConnectionRowProps extends Pick<ConnectionsTableProps, 'user' | 'onIntent'> {
  connection: Connection;
}

/** Remembered: filtering a long list draws only the rows that come and go. */
const ConnectionRow = memo(function ConnectionRow({ connection, user, onIntent }: ConnectionRowProps) {
  const { id, source, destination, types, unavailable, createdBy, createdAt, side, isRestricted } =
    connection;
  const about = `connection ${towardsOtherEnd(connection)}`;
  const action = (dialog: DialogName) => ({
    id: openerId(dialog, id),
    path: `${id}/${dialog}`,
    onIntent: () => onIntent(dialog),
  });
  return (
    <Row>
      <Cell label="Source">
        <OrgName org={source} isCurrent={side === 'source'} />
      </Cell>
      <Cell label="Destination">
        <OrgName org={destination} isCurrent={side === 'destination'} />
      </Cell>
      <Cell label="Data types">
        <div>
          <TypeBadges types={types} />
          {unavailable.map((entry) => (
            <QueriesRefused key={entry.reason} {...entry} />
          ))}
        </div>
      </Cell>
      <Cell label="Created by">{createdBy}</Cell>
      <Cell label="Created">
        <RelativeTime dateTime={createdAt} />
      </Cell>
      <ActionsCell>
        {side === 'source' && (
          <RowAction
            {...action('edit')}
            name="Edit"
            about={about}
            icon={<PencilIcon />}
            obstacle={obstacleTo('update', connection, user.permissions)}
          />
        )}
        <RowAction
          {...action('permissions')}
          name="Permissions"
          about={isRestricted ? `of ${about}, restricted` : `of ${about}`}
          icon={isRestricted ? <LockIcon /> : <OpenLockIcon />}
          keptInView={isRestricted}
        />
        <RowAction
          {...action('delete')}
          name="Delete"
          about={about}
          icon={<TrashIcon />}
          tone="danger"
          obstacle={obstacleTo('delete', connection, user.permissions)}
        />
      </ActionsCell>
    </Row>
  );
});

/** Visible text, because nobody would look for the reason in a tooltip. */
function QueriesRefused({ types, reason }: Unavailable) {
  return (
    <p className={styles.refused}>
      <Tag tone="warning">
        {types === undefined ? 'Queries are refused' : `${typeNames(types)} can’t be queried`}
      </Tag>
      <span className="visually-hidden">:</span> {reason}
    </p>
  );
}

function OrgName({ org, isCurrent }: { org: NamedOrg; isCurrent: boolean }) {
  return (
    <span className={styles.org}>
      <span className={styles.orgName}>{org.name}</span>
      {isCurrent && <Tag>This organization</Tag>}
    </span>
  );
}
