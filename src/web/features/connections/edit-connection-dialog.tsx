import { type FormEvent, useState } from 'react';
import type { ConnectionType } from '../../../contract/org-connections/constants.ts';
import { obstacleToSharing } from './connection.ts';
import { errorMessages, isChangedMeanwhile, isStatus } from '../../api/request.ts';
import type { OrgUser } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { Callout, ErrorCallout } from '../../ui/callout.tsx';
import { Dialog, DialogBody, DialogFooter, type DialogFrame } from '../../ui/dialog.tsx';
import { WaitingDialog } from '../../common/waiting-dialog.tsx';
import { obstacleTo, sameTypes } from './connection.ts';
import { ConnectionEnds } from './connection-ends.tsx';
import { DataTypesField } from './data-types-field.tsx';
import { GoneDialog } from './gone-dialog.tsx';
import { changedMeanwhile, useConnection, useUpdateConnection } from './queries.ts';

interface EditConnectionDialogProps extends DialogFrame {
  user: OrgUser;
  connectionId: string;
}

/** Changes what a connection shares. Until a box is touched, the boxes follow the server's values. */
export function EditConnectionDialog({ user, connectionId, ...dialog }: EditConnectionDialogProps) {
  const found = useConnection(user.org.id, connectionId);
  const save = useUpdateConnection(user);
  const [draft, setDraft] = useState<{ types: ConnectionType[]; basis: readonly ConnectionType[] }>();

  // The list is fresh before the dialog closes: meanwhile it shows what was sent.
  const connection = save.isPending || save.isSuccess ? save.variables.connection : found.connection;
  if (!connection) {
    return found.isGone || isStatus(save.error, 404) ? (
      <GoneDialog {...dialog} />
    ) : (
      <WaitingDialog {...dialog} query={found.list} />
    );
  }

  const permissions = new Set(user.permissions);
  const types = draft?.types ?? connection.types;
  const isChanged = !sameTypes(types, connection.types);
  const obstacle =
    connection.side === 'source'
      ? obstacleTo('update', connection, user.permissions)
      : `Only ${connection.source.name} can change what it shares`;
  const isOutdated = draft !== undefined && !sameTypes(draft.basis, connection.types);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!connection || obstacle !== undefined) return;
    save.mutate({ connection, types }, { onSuccess: dialog.onClose });
  }

  return (
    <Dialog pending={save.isPending} {...dialog}>
      <form onSubmit={submit}>
        <DialogBody>
          <ConnectionEnds source={connection.source.name} destination={connection.destination.name} />
          {obstacle !== undefined && <Callout>{obstacle}</Callout>}
          <DataTypesField
            value={types}
            disabled={obstacle !== undefined}
            onChange={(changed) => {
              if (save.isPending) return;
              setDraft({ types: changed, basis: draft?.basis ?? connection.types });
              save.reset();
            }}
            obstacleTo={(type) =>
              types.includes(type) || connection.types.includes(type)
                ? undefined
                : obstacleToSharing(permissions, type)
            }
            error={
              types.length === 0 ? 'Choose at least one data type, or delete the connection.' : undefined
            }
          />
          {isOutdated && (
            <Callout tone="warning" live="polite">
              {changedMeanwhile(connection)}
            </Callout>
          )}
          {save.isError && !isChangedMeanwhile(save.error) && (
            <ErrorCallout messages={errorMessages(save.error)} />
          )}
        </DialogBody>
        <DialogFooter>
          <Button onClick={dialog.onClose} disabled={save.isPending}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant="primary"
            pending={save.isPending}
            disabled={obstacle !== undefined || !isChanged || types.length === 0}
          >
            Save
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
