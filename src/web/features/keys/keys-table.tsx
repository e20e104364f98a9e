import { RowAction } from '../../common/row-action.tsx';
import { PencilIcon, TrashIcon } from '../../ui/icons.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ActionsCell, Cell, Header, Row, SkeletonRows, Table } from '../../ui/table.tsx';
import { dialogPath, openerId } from './dialogs.ts';
import { type Key, type KeyKind, KINDS, scopeNames } from './key.ts';
import styles from './keys-table.module.css';

const COLUMNS: Record<KeyKind, readonly string[]> = {
  application: ['Name', 'Key', 'Scopes', 'Created', 'Last used'],
  api: ['Name', 'Key', 'Created by', 'Created', 'Last used'],
};

const LABELS: Record<KeyKind, string> = { application: 'Application keys', api: 'API keys' };

interface KeysTableProps {
  kind: KeyKind;
  keys: readonly Key[];
  /** The address of the page, below which the dialogs are. */
  below: string;
}

export function KeysTable({ kind, keys, below }: KeysTableProps) {
  return (
    <Table label={LABELS[kind]} head={<Headers kind={kind} />}>
      {keys.map((key) => (
        <KeyRow key={key.id} shown={key} below={below} />
      ))}
    </Table>
  );
}

/** The table before its first rows have come. */
export function KeysTableSkeleton({ kind }: { kind: KeyKind }) {
  return (
    <Table label={LABELS[kind]} busy head={<Headers kind={kind} />}>
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
      <Header label="Actions" labelHidden />
    </>
  );
}

function KeyRow({ shown, below }: { shown: Key; below: string }) {
  const { kind, id, name, last4, scopes, createdAt, createdBy, lastUsedAt } = shown;
  return (
    <Row>
      <Cell label="Name">
        <span className={styles.name}>{name}</span>
      </Cell>
      <Cell label="Key">
        <KeyEnd last4={last4} />
      </Cell>
      {kind === 'application' ? (
        <Cell label="Scopes">
          {scopes.length > 0 ? scopeNames(scopes) : <span className={styles.muted}>All permissions</span>}
        </Cell>
      ) : (
        <Cell label="Created by">{createdBy ?? <span className={styles.muted}>Directory file</span>}</Cell>
      )}
      <Cell label="Created">
        <RelativeTime dateTime={createdAt} />
      </Cell>
      <Cell label="Last used">
        {lastUsedAt === null ? (
          <span className={styles.muted}>Never</span>
        ) : (
          <RelativeTime dateTime={lastUsedAt} />
        )}
      </Cell>
      <ActionsCell>
        <RowAction
          id={openerId('edit', kind, id)}
          name={kind === 'api' ? 'Rename' : 'Edit'}
          about={`${KINDS[kind].noun} ${name}`}
          icon={<PencilIcon />}
          path={`${below}/${dialogPath('edit', kind, id)}`}
        />
        <RowAction
          id={openerId('revoke', kind, id)}
          name="Revoke"
          about={`${KINDS[kind].noun} ${name}`}
          icon={<TrashIcon />}
          tone="danger"
          path={`${below}/${dialogPath('revoke', kind, id)}`}
        />
      </ActionsCell>
    </Row>
  );
}

/** "…a1b2": all that is left to see of a key. */
export function KeyEnd({ last4 }: { last4: string }) {
  return <code className={styles.end}>…{last4}</code>;
}
