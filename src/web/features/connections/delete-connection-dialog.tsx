import type { OrgUser } from '../../api/session.ts';
import { ConfirmDialog } from '../../common/confirm-dialog.tsx';
import { ItemDialog } from '../../common/item-dialog.tsx';
import type { DialogFrame } from '../../ui/dialog-parts.tsx';
import { obstacleTo } from './connection.ts';
import { messages } from './messages.ts';
import { useConnection, useDeleteConnection } from './queries.ts';

interface DeleteConnectionDialogProps extends DialogFrame {
  user: OrgUser;
  connectionId: string;
}

/** Asks before a connection is deleted, and says what will stop working. */
export function DeleteConnectionDialog({ user, connectionId, ...frame }: DeleteConnectionDialogProps) {
  const listed = useConnection(user.org.id, connectionId);
  const remove = useDeleteConnection(user);

  return (
    <ItemDialog
      {...frame}
      listed={listed}
      change={remove}
      itemOf={(sent) => sent}
      goneText={messages.connectionGone}
    >
      {(connection) => {
        const { source, destination, types } = connection;
        return (
          <ConfirmDialog
            {...frame}
            title={messages.deleteTitle}
            pending={remove.isPending}
            submitError={remove.error}
            confirmLabel={messages.delete}
            obstacle={obstacleTo('delete', connection, user)}
            onConfirm={() => remove.mutate(connection, { onSuccess: frame.onClose })}
          >
            <p>{messages.deleteSubject(connection)}</p>
            <p>{messages.deleteConsequence(source.name, types, destination.name)}</p>
            <p>{messages.deleteKeepsData(source.name)}</p>
          </ConfirmDialog>
        );
      }}
    </ItemDialog>
  );
}
