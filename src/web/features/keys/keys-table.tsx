import { messages as common } from '../../common/messages.ts';
import { RowAction } from '../../common/row-action.tsx';
import { PencilIcon, Trash2Icon } from 'lucide-react';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ActionsCell, Cell, Header, Row, SkeletonRows, Table } from '../../ui/table.tsx';
import { dialogPath, openerId } from './dialogs.ts';
import { inOrder, type Key, type KeyKind } from './key.ts';
import { messages } from './messages.ts';
import styles from './keys-table.module.css';

const { columns } = messages;

const COLUMNS: Record<KeyKind, readonly string[]> = {
  application: [columns.name, columns.key, columns.scopes, columns.created, columns.lastUsed],
  api: [columns.name, columns.key, columns.createdBy, columns.created, columns.lastUsed],
};

interface KeysTableProps {
  kind: KeyKind;
  keys: readonly Key[];
  /** Path of the page. */
  below: string;
}

export function KeysTable({ kind, keys, below }: KeysTableProps) {
  return (
    <Table label={messages.kinds[kind].title} head={<Headers kind={kind} />}>
      {keys.map((key) => (
        <KeyRow key={key.id} shown={key} below={below} />
      ))}
    </Table>
  );
}

/** The table while its rows load. */
export function KeysTableSkeleton({ kind }: { kind: KeyKind }) {
  return (
    <Table label={messages.kinds[kind].title} busy head={<Headers kind={kind} />}>
      <SkeletonRows rows={2} labels={COLUMNS[kind]} />
    </Table>
  );
}

function Headers({ kind }: { kind: KeyKind }) {
  return (
    <>
      {COLUMNS[kind].map((label) => (
        <Header key={label} label={label} />
      ))}
      <Header label={common.actions} labelHidden />
    </>
  );
}

function KeyRow({ shown, below }: { shown: Key; below: string }) {
  const { kind, id, name, last4, scopes, createdAt, createdBy, lastUsedAt } = shown;
  return (
    <Row>
      <Cell label={columns.name}>
        <span className={styles.name}>{name}</span>
      </Cell>
      <Cell label={columns.key}>
        <KeyEnd last4={last4} />
      </Cell>
      {kind === 'application' ? (
        <Cell label={columns.scopes}>
          {scopes.length > 0 ? (
            messages.scopeList(inOrder(scopes))
          ) : (
            <span className={styles.muted}>{messages.allPermissions}</span>
          )}
        </Cell>
      ) : (
        <Cell label={columns.createdBy}>
          {createdBy ?? <span className={styles.muted}>{messages.operator}</span>}
        </Cell>
      )}
      <Cell label={columns.created}>
        <RelativeTime dateTime={createdAt} />
      </Cell>
      <Cell label={columns.lastUsed}>
        {lastUsedAt === null ? (
          <span className={styles.muted}>{messages.never}</span>
        ) : (
          <RelativeTime dateTime={lastUsedAt} />
        )}
      </Cell>
      <ActionsCell>
        <RowAction
          id={openerId('edit', kind, id)}
          name={messages.editAction[kind]}
          label={messages.kinds[kind].editLabel(name)}
          icon={<PencilIcon />}
          path={`${below}/${dialogPath('edit', kind, id)}`}
        />
        <RowAction
          id={openerId('revoke', kind, id)}
          name={messages.revokeAction}
          label={messages.kinds[kind].revokeLabel(name)}
          icon={<Trash2Icon />}
          tone="danger"
          path={`${below}/${dialogPath('revoke', kind, id)}`}
        />
      </ActionsCell>
    </Row>
  );
}

/** The last characters of a key: "…a1b2". */
export function KeyEnd({ last4 }: { last4: string }) {
  return <code className={styles.end}>{`…${last4}`}</code>;
}
