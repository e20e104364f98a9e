import { useState } from 'react';
import type { PermissionName } from '../../../contract/permissions/constants.ts';
import type { OrgUser } from '../../api/session.ts';
import { FormDialog } from '../../common/form-dialog.tsx';
import { useRestorable } from '../../common/kept-input.ts';
import { useFormEdit } from '../../common/use-form-edit.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DialogBody, type DialogFrame, DialogFooter } from '../../ui/dialog-parts.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import type { KeyKind } from './key.ts';
import { messages } from './messages.ts';
import { useCreateKey } from './queries.ts';
import { ScopesField } from './scopes-field.tsx';

interface Input {
  name: string;
  scopes: readonly PermissionName[];
}

interface NewKeyDialogProps extends DialogFrame {
  user: OrgUser;
  kind: KeyKind;
}

/** Creates a key, then shows it once. */
export function NewKeyDialog({ user, kind, ...frame }: NewKeyDialogProps) {
  const create = useCreateKey(kind, user);
  const edit = useFormEdit(create);
  const kept = useRestorable<Input>(user);
  const [typedName, setTypedName] = useState(kept.restored?.name ?? '');
  const [scopes, setScopes] = useState(kept.restored?.scopes ?? []);
  const [isTried, setIsTried] = useState(false);
  const name = typedName.trim();

  if (create.isSuccess) {
    return <CreatedKey {...frame} kind={kind} name={create.variables.name} secret={create.data} />;
  }

  return (
    <FormDialog
      {...frame}
      pending={create.isPending}
      submitError={create.error}
      submit={{ label: messages.create }}
      onSubmit={() => {
        setIsTried(true);
        if (name !== '') create.mutate({ name, scopes });
      }}
      hasUnsavedChanges={name !== '' || scopes.length > 0}
      input={{ ...kept, current: { name: typedName, scopes } satisfies Input }}
    >
      <TextField
        label={messages.nameLabel}
        placeholder={messages.namePlaceholder}
        required
        maxLength={255}
        autoComplete="off"
        value={typedName}
        onChange={(event) => edit(() => setTypedName(event.target.value))}
        error={isTried && name === '' ? messages.nameMissing : undefined}
      />
      {kind === 'application' && (
        <ScopesField
          permissions={user.permissions}
          value={scopes}
          onChange={(changed) => edit(() => setScopes(changed))}
        />
      )}
    </FormDialog>
  );
}

interface CreatedKeyProps extends DialogFrame {
  kind: KeyKind;
  name: string;
  secret: string;
}

function CreatedKey({ kind, name, secret, ...frame }: CreatedKeyProps) {
  return (
    <Dialog {...frame} held title={messages.kinds[kind].createdTitle}>
      <DialogBody>
        <SecretField
          label={messages.kinds[kind].secretLabel(name)}
          value={secret}
          note={messages.shownOnce}
        />
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onClick={frame.onClose}>
          {messages.done}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
