import { memo } from 'react';
import type { OrgUser } from '../../api/session.ts';
import { RowAction } from '../../common/row-action.tsx';
import { Tag } from '../../ui/badge.tsx';
import { LockIcon, LockOpenIcon, PencilIcon, Trash2Icon } from 'lucide-react';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ActionsCell, Cell, Row } from '../../ui/table.tsx';
import { type Connection, type NamedOrg, obstacleTo, type Unavailable } from './connection.ts';
import styles from './connections-table.module.css';
import { type DialogName, openerId } from './dialogs.ts';
import { messages } from './messages.ts';
import { TypeBadges } from './type-badges.tsx';

interface ConnectionRowProps {
  connection: Connection;
  user: OrgUser;
  /** Called when the pointer or focus reaches a link to a dialog, which can then be fetched. Must not change. */
  onIntent: (dialog: DialogName) => void;
}

/** Memoized: filtering a long list renders only rows that appear. */
export const ConnectionRow = memo(function ConnectionRow(props: ConnectionRowProps) {
  const { source, destination, types, unavailable, createdBy, createdAt, side } = props.connection;
  const { columns } = messages;
  return (
    <Row>
      <Cell label={columns.source}>
        <OrgName org={source} isCurrent={side === 'source'} />
      </Cell>
      <Cell label={columns.destination}>
        <OrgName org={destination} isCurrent={side === 'destination'} />
      </Cell>
      <Cell label={columns.types}>
        <div>
          <TypeBadges types={types} />
          {unavailable.map((entry) => (
            <QueriesRefused key={entry.reason} {...entry} />
          ))}
        </div>
      </Cell>
      <Cell label={columns['created-by']}>{createdBy}</Cell>
      <Cell label={columns.created}>
        <RelativeTime dateTime={createdAt} />
      </Cell>
      <ActionsCell>
        <Actions {...props} />
      </ActionsCell>
    </Row>
  );
});

function Actions({ connection, user, onIntent }: ConnectionRowProps) {
  const { id, side, isRestricted } = connection;
  const action = (dialog: DialogName) => ({
    id: openerId(dialog, id),
    path: `${id}/${dialog}`,
    onIntent: () => onIntent(dialog),
  });
  return (
    <>
      {side === 'source' && (
        <RowAction
          {...action('edit')}
          name={messages.editAction}
          label={messages.editLabel(connection)}
          icon={<PencilIcon />}
          obstacle={obstacleTo('update', connection, user)}
        />
      )}
      <RowAction
        {...action('permissions')}
        name={messages.permissionsAction}
        label={messages.permissionsLabel(connection, isRestricted)}
        icon={isRestricted ? <LockIcon fill="currentColor" fillOpacity={0.2} /> : <LockOpenIcon />}
      />
      <RowAction
        {...action('delete')}
        name={messages.deleteAction}
        label={messages.deleteLabel(connection)}
        icon={<Trash2Icon />}
        tone="danger"
        obstacle={obstacleTo('delete', connection, user)}
      />
    </>
  );
}

/** Visible text, because no one looks for a reason in a tooltip. */
function QueriesRefused({ types, reason }: Unavailable) {
  return (
    <p className={styles.refused}>
      <Tag tone="warning">{types === undefined ? messages.queriesRefused : messages.typesRefused(types)}</Tag>
      <span className="visually-hidden">:</span> <span>{reason}</span>
    </p>
  );
}

function OrgName({ org, isCurrent }: { org: NamedOrg; isCurrent: boolean }) {
  return (
    <span className={styles.org}>
      <span className={styles.orgName}>{org.name}</span>
      {isCurrent && <Tag>{messages.thisOrganization}</Tag>}
    </span>
  );
}
