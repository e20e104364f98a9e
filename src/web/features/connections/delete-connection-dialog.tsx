import type { OrgUser } from '../../api/session.ts';
import { ConfirmDialog } from '../../common/confirm-dialog.tsx';
import { ItemDialog } from '../../common/item-dialog.tsx';
import type { DialogFrame } from '../../ui/dialog-parts.tsx';
import { obstacleTo, typeNames } from './connection.ts';
import { ConnectionEnds } from './connection-ends.tsx';
import { CONNECTION_GONE, useConnection, useDeleteConnection } from './queries.ts';

const QUESTION = 'Are you sure?';

interface DeleteConnectionDialogProps extends DialogFrame {
  user: OrgUser;
  connectionId: string;
}

/** Asks before a connection is deleted, and says what will stop working. */
export function DeleteConnectionDialog({ user, connectionId, ...frame }: DeleteConnectionDialogProps) {
  const listed = useConnection(user.org.id, connectionId);
  const remove = useDeleteConnection(user);

  return (
    <ItemDialog {...frame} listed={listed} change={remove} itemOf={(sent) => sent} goneText={CONNECTION_GONE}>
      {(connection) => {
        const { source, destination, types } = connection;
        return (
          <ConfirmDialog
            {...frame}
            title={QUESTION}
            pending={remove.isPending}
            submitError={remove.error}
            confirmLabel="Delete"
            obstacle={obstacleTo('delete', connection, user.permissions)}
            onConfirm={() => remove.mutate(connection, { onSuccess: frame.onClose })}
          >
            <ConnectionEnds source={source.name} destination={destination.name} />
            <p>
              <strong>{destination.name}</strong> will no longer be able to query {typeNames(types)} of{' '}
              <strong>{source.name}</strong>. Its dashboard and notebook widgets and its queries that use
              these data stop working, for everyone there.
            </p>
            <p>The data stay in {source.name}; none are deleted.</p>
          </ConfirmDialog>
        );
      }}
    </ItemDialog>
  );
}
