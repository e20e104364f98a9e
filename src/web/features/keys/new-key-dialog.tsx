import { type FormEvent, useState } from 'react';
import type { PermissionName } from '../../../contract/permissions/constants.ts';
import { errorMessages } from '../../api/request.ts';
import type { OrgUser } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorCallout } from '../../ui/callout.tsx';
import { Dialog, DialogBody, DialogFooter, type DialogFrame } from '../../ui/dialog.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { type KeyKind } from './key.ts';
import { useCreateKey } from './queries.ts';
import { ScopesField } from './scopes-field.tsx';

interface NewKeyDialogProps extends DialogFrame {
  user: OrgUser;
  kind: KeyKind;
}

/** Creates a key, and then shows it this once. */
export function NewKeyDialog({ user, kind, ...dialog }: NewKeyDialogProps) {
  const create = useCreateKey(kind, user);
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly PermissionName[]>([]);
  const [isTried, setIsTried] = useState(false);
  const isNamed = name.trim() !== '';

  if (create.isSuccess) {
    return (
      <Dialog {...dialog} held title={kind === 'api' ? 'API Key Created' : 'Application Key Created'}>
        <DialogBody>
          <SecretField
            label={create.variables.name}
            value={create.data}
            note="Copy it now: this key will not be shown again."
          />
        </DialogBody>
        <DialogFooter>
          <Button variant="primary" onClick={dialog.onClose}>
            Done
          </Button>
        </DialogFooter>
      </Dialog>
    );
  }

  /** What was sent stays as it is until the answer comes; what failed is no longer said of something else. */
  function change(apply: () => void) {
    if (create.isPending) return;
    apply();
    create.reset();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    setIsTried(true);
    if (isNamed && !create.isPending) create.mutate({ name: name.trim(), scopes });
  }

  return (
    <Dialog pending={create.isPending} {...dialog}>
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <TextField
            label="Name"
            placeholder="For example, Terraform"
            required
            maxLength={255}
            autoComplete="off"
            value={name}
            onChange={(event) => change(() => setName(event.target.value))}
            error={isTried && !isNamed ? 'Enter a name.' : undefined}
          />
          {kind === 'application' && (
            <ScopesField
              permissions={user.permissions}
              value={scopes}
              onChange={(changed) => change(() => setScopes(changed))}
            />
          )}
          {create.isError && <ErrorCallout messages={errorMessages(create.error)} />}
        </DialogBody>
        <DialogFooter>
          <Button onClick={dialog.onClose} disabled={create.isPending}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" pending={create.isPending}>
            Create
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
