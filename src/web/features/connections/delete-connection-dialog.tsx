import { errorMessages, isStatus } from '../../api/request.ts';
import type { OrgUser } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorCallout } from '../../ui/callout.tsx';
import { Dialog, DialogBody, DialogDescription, DialogFooter, type DialogFrame } from '../../ui/dialog.tsx';
import { WaitingDialog } from '../../common/waiting-dialog.tsx';
import { obstacleTo, typeNames } from './connection.ts';
import { ConnectionEnds } from './connection-ends.tsx';
import { GoneDialog } from './gone-dialog.tsx';
import { useConnection, useDeleteConnection } from './queries.ts';

const QUESTION = 'Are you sure?';

interface DeleteConnectionDialogProps extends DialogFrame {
  user: OrgUser;
  connectionId: string;
}

/** Asks before a connection is deleted, and says what will stop working and for whom. */
export function DeleteConnectionDialog({ user, connectionId, ...dialog }: DeleteConnectionDialogProps) {
  const found = useConnection(user.org.id, connectionId);
  const remove = useDeleteConnection(user);

  // The list is fresh before the dialog closes: meanwhile it names what is being deleted.
  const connection = remove.isPending || remove.isSuccess ? remove.variables : found.connection;
  if (!connection) {
    return found.isGone || isStatus(remove.error, 404) ? (
      <GoneDialog {...dialog} />
    ) : (
      <WaitingDialog {...dialog} query={found.list} title={QUESTION} />
    );
  }

  const { source, destination, types } = connection;

  return (
    <Dialog {...dialog} title={QUESTION} role="alertdialog" pending={remove.isPending}>
      <DialogBody>
        <DialogDescription>
          <ConnectionEnds source={source.name} destination={destination.name} />
          <p>
            <strong>{destination.name}</strong> will no longer be able to query {typeNames(types)} of{' '}
            <strong>{source.name}</strong>. Its dashboard and notebook widgets and its queries that use these
            data stop working, for everyone there.
          </p>
          <p>The data stay in {source.name}; none are deleted.</p>
        </DialogDescription>
        {remove.isError && <ErrorCallout messages={errorMessages(remove.error)} />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={dialog.onClose} disabled={remove.isPending}>
          Cancel
        </Button>
        <Button
          variant="danger"
          pending={remove.isPending}
          obstacle={obstacleTo('delete', connection, user.permissions)}
          onClick={() => remove.mutate(connection, { onSuccess: dialog.onClose })}
        >
          Delete
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
