import { useState } from 'react';
import type { ConnectionType } from '../../../contract/org-connections/constants.ts';
import { isChangedMeanwhile } from '../../api/request.ts';
import type { OrgUser } from '../../api/session.ts';
import { FormDialog } from '../../common/form-dialog.tsx';
import { useRestorable } from '../../common/kept-input.ts';
import { useFormEdit } from '../../common/use-form-edit.ts';
import { ItemDialog } from '../../common/item-dialog.tsx';
import { Callout } from '../../ui/callout.tsx';
import type { DialogFrame } from '../../ui/dialog-parts.tsx';
import { type Connection, obstacleTo, obstacleToType, sameTypes } from './connection.ts';
import { ConnectionEnds } from './connection-ends.tsx';
import { DataTypesField } from './data-types-field.tsx';
import { messages } from './messages.ts';
import { useConnection, useUpdateConnection } from './queries.ts';

interface EditConnectionDialogProps extends DialogFrame {
  user: OrgUser;
  connectionId: string;
}

/** Changes what a connection shares. */
export function EditConnectionDialog({ user, connectionId, ...frame }: EditConnectionDialogProps) {
  const listed = useConnection(user.org.id, connectionId);
  const save = useUpdateConnection(user);
  return (
    <ItemDialog
      {...frame}
      listed={listed}
      change={save}
      itemOf={(sent) => sent.connection}
      goneText={messages.connectionGone}
    >
      {(connection) => <EditForm user={user} connection={connection} save={save} frame={frame} />}
    </ItemDialog>
  );
}

interface EditFormProps {
  user: OrgUser;
  connection: Connection;
  save: ReturnType<typeof useUpdateConnection>;
  frame: DialogFrame;
}

interface Input {
  types: ConnectionType[];
  /** The server's values at the first change. */
  basis: readonly ConnectionType[];
}

/** Until a box is changed, the boxes follow the server's values. */
function EditForm({ user, connection, save, frame }: EditFormProps) {
  const kept = useRestorable<Input>(user);
  const [draft, setDraft] = useState(kept.restored);
  const edit = useFormEdit(save);

  const types = draft?.types ?? connection.types;
  const obstacle =
    connection.side === 'source'
      ? obstacleTo('update', connection, user)
      : messages.onlySource(connection.source.name);
  const isUnchanged = sameTypes(types, connection.types);
  const isOutdated = draft !== undefined && !sameTypes(draft.basis, connection.types);

  return (
    <FormDialog
      {...frame}
      pending={save.isPending}
      // The callout below shows the current values.
      submitError={isChangedMeanwhile(save.error) ? null : save.error}
      submit={{ label: messages.save, disabled: obstacle !== undefined || isUnchanged || types.length === 0 }}
      onSubmit={() => save.mutate({ connection, types }, { onSuccess: frame.onClose })}
      hasUnsavedChanges={!isUnchanged && !save.isSuccess}
      input={{ ...kept, current: draft }}
    >
      <ConnectionEnds source={connection.source.name} destination={connection.destination.name} />
      {obstacle !== undefined && <Callout>{obstacle}</Callout>}
      <DataTypesField
        value={types}
        disabled={obstacle !== undefined}
        onChange={(changed) =>
          edit(() => setDraft({ types: changed, basis: draft?.basis ?? connection.types }))
        }
        obstacleTo={(type) =>
          types.includes(type) || connection.types.includes(type) ? undefined : obstacleToType(user, type)
        }
        hintFor={(type) => connection.unavailable.find((entry) => entry.types?.includes(type))?.reason}
        error={types.length === 0 ? messages.noTypesLeft : undefined}
      />
      {isOutdated && (
        <Callout tone="warning" live="polite">
          {messages.changedMeanwhile(connection.types)}
        </Callout>
      )}
    </FormDialog>
  );
}
