import { errorMessages, isStatus } from '../../api/request.ts';
import type { OrgUser } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorCallout } from '../../ui/callout.tsx';
import { Dialog, DialogBody, DialogDescription, DialogFooter, type DialogFrame } from '../../ui/dialog.tsx';
import { WaitingDialog } from '../../common/waiting-dialog.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { GoneKeyDialog } from './gone-key-dialog.tsx';
import { type KeyKind, KINDS } from './key.ts';
import { KeyEnd } from './keys-table.tsx';
import { useKey, useRevokeKey } from './queries.ts';

interface RevokeKeyDialogProps extends DialogFrame {
  user: OrgUser;
  kind: KeyKind;
  keyId: string;
}

/** Asks before a key is revoked, and says what will stop working. */
export function RevokeKeyDialog({ user, kind, keyId, ...dialog }: RevokeKeyDialogProps) {
  const found = useKey(kind, user.org.id, keyId);
  const revoke = useRevokeKey(user);

  // The list is fresh before the dialog closes: meanwhile it names what is being revoked.
  const key = revoke.isPending || revoke.isSuccess ? revoke.variables : found.key;
  if (!key) {
    return found.isGone || isStatus(revoke.error, 404) ? (
      <GoneKeyDialog {...dialog} />
    ) : (
      <WaitingDialog {...dialog} query={found.list} />
    );
  }

  return (
    <Dialog {...dialog} role="alertdialog" pending={revoke.isPending}>
      <DialogBody>
        <DialogDescription>
          <p>
            <strong>{key.name}</strong> <KeyEnd last4={key.last4} />
          </p>
          <p>
            {key.lastUsedAt === null ? (
              'It has never been used.'
            ) : (
              <>
                It was last used <RelativeTime dateTime={key.lastUsedAt} />.
              </>
            )}{' '}
            {KINDS[kind].consequence} A revoked key cannot be restored.
          </p>
        </DialogDescription>
        {revoke.isError && <ErrorCallout messages={errorMessages(revoke.error)} />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={dialog.onClose} disabled={revoke.isPending}>
          Cancel
        </Button>
        <Button
          variant="danger"
          pending={revoke.isPending}
          onClick={() => revoke.mutate(key, { onSuccess: dialog.onClose })}
        >
          Revoke
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
