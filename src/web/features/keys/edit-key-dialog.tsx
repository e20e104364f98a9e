import { useState } from 'react';
import type { PermissionName } from '../../../contract/permissions/constants.ts';
import type { OrgUser } from '../../api/session.ts';
import { FormDialog } from '../../common/form-dialog.tsx';
import { useRestorable } from '../../common/kept-input.ts';
import { useFormEdit } from '../../common/use-form-edit.ts';
import { ItemDialog } from '../../common/item-dialog.tsx';
import type { DialogFrame } from '../../ui/dialog-parts.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { type Key, type KeyKind, sameScopes } from './key.ts';
import { messages } from './messages.ts';
import { useKey, useUpdateKey } from './queries.ts';
import { ScopesField } from './scopes-field.tsx';

interface EditKeyDialogProps extends DialogFrame {
  user: OrgUser;
  kind: KeyKind;
  keyId: string;
}

/** Renames a key, and changes the scopes of an application key. */
export function EditKeyDialog({ user, kind, keyId, ...frame }: EditKeyDialogProps) {
  const listed = useKey(kind, user.org.id, keyId);
  const save = useUpdateKey(user);
  return (
    <ItemDialog
      {...frame}
      listed={listed}
      change={save}
      itemOf={(sent) => sent.key}
      goneText={messages.keyGone}
    >
      {(key) => <EditForm user={user} edited={key} save={save} frame={frame} />}
    </ItemDialog>
  );
}

interface EditFormProps {
  user: OrgUser;
  edited: Key;
  save: ReturnType<typeof useUpdateKey>;
  frame: DialogFrame;
}

/** Undefined fields were not edited. */
interface Input {
  name?: string | undefined;
  scopes?: readonly PermissionName[] | undefined;
}

/** A field that was not edited follows the server's value. */
function EditForm({ user, edited: key, save, frame }: EditFormProps) {
  const kept = useRestorable<Input>(user);
  const [draftName, setDraftName] = useState(kept.restored?.name);
  const [draftScopes, setDraftScopes] = useState(kept.restored?.scopes);
  const edit = useFormEdit(save);

  const typedName = draftName ?? key.name;
  const name = typedName.trim();
  const scopes = draftScopes ?? key.scopes;
  const isUnchanged = name === key.name && sameScopes(scopes, key.scopes);

  return (
    <FormDialog
      {...frame}
      pending={save.isPending}
      submitError={save.error}
      submit={{ label: messages.save, disabled: isUnchanged || name === '' }}
      onSubmit={() => save.mutate({ key, name, scopes }, { onSuccess: frame.onClose })}
      hasUnsavedChanges={!isUnchanged && !save.isSuccess}
      input={{ ...kept, current: { name: draftName, scopes: draftScopes } satisfies Input }}
    >
      <TextField
        label={messages.nameLabel}
        required
        maxLength={255}
        autoComplete="off"
        value={typedName}
        onChange={(event) => edit(() => setDraftName(event.target.value))}
        error={name === '' ? messages.nameMissing : undefined}
      />
      {key.kind === 'application' && (
        <ScopesField
          permissions={user.permissions}
          value={scopes}
          onChange={(changed) => edit(() => setDraftScopes(changed))}
        />
      )}
    </FormDialog>
  );
}
