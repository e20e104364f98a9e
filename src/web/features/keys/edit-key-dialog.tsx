import { type FormEvent, useState } from 'react';
import type { PermissionName } from '../../../contract/permissions/constants.ts';
import { errorMessages, isStatus } from '../../api/request.ts';
import type { OrgUser } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorCallout } from '../../ui/callout.tsx';
import { Dialog, DialogBody, DialogFooter, type DialogFrame } from '../../ui/dialog.tsx';
import { WaitingDialog } from '../../common/waiting-dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { GoneKeyDialog } from './gone-key-dialog.tsx';
import { type KeyKind, sameScopes } from './key.ts';
import { useKey, useUpdateKey } from './queries.ts';
import { ScopesField } from './scopes-field.tsx';

interface EditKeyDialogProps extends DialogFrame {
  user: OrgUser;
  kind: KeyKind;
  keyId: string;
}

/** Renames a key, and narrows or widens an application key. What is not touched follows the server's values. */
export function EditKeyDialog({ user, kind, keyId, ...dialog }: EditKeyDialogProps) {
  const found = useKey(kind, user.org.id, keyId);
  const save = useUpdateKey(user);
  const [draftName, setDraftName] = useState<string>();
  const [draftScopes, setDraftScopes] = useState<readonly PermissionName[]>();

  // The list is fresh before the dialog closes: meanwhile it shows what was sent.
  const key = save.isPending || save.isSuccess ? save.variables.key : found.key;
  if (!key) {
    return found.isGone || isStatus(save.error, 404) ? (
      <GoneKeyDialog {...dialog} />
    ) : (
      <WaitingDialog {...dialog} query={found.list} />
    );
  }

  const name = draftName ?? key.name;
  const scopes = draftScopes ?? key.scopes;
  const isNamed = name.trim() !== '';
  const isChanged = name.trim() !== key.name || !sameScopes(scopes, key.scopes);

  function change(apply: () => void) {
    if (save.isPending) return;
    apply();
    save.reset();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!key || !isNamed || !isChanged || save.isPending) return;
    save.mutate({ key, name: name.trim(), scopes }, { onSuccess: dialog.onClose });
  }

  return (
    <Dialog pending={save.isPending} {...dialog}>
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <TextField
            label="Name"
            required
            maxLength={255}
            autoComplete="off"
            value={name}
            onChange={(event) => change(() => setDraftName(event.target.value))}
            error={isNamed ? undefined : 'Enter a name.'}
          />
          {kind === 'application' && (
            <ScopesField
              permissions={user.permissions}
              value={scopes}
              onChange={(changed) => change(() => setDraftScopes(changed))}
            />
          )}
          {save.isError && <ErrorCallout messages={errorMessages(save.error)} />}
        </DialogBody>
        <DialogFooter>
          <Button onClick={dialog.onClose} disabled={save.isPending}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" pending={save.isPending} disabled={!isChanged || !isNamed}>
            Save
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
