import type { OrgUser } from '../../api/session.ts';
import { ConfirmDialog } from '../../common/confirm-dialog.tsx';
import { ItemDialog } from '../../common/item-dialog.tsx';
import type { DialogFrame } from '../../ui/dialog-parts.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import type { KeyKind } from './key.ts';
import { KeyEnd } from './keys-table.tsx';
import { messages } from './messages.ts';
import { useKey, useRevokeKey } from './queries.ts';

interface RevokeKeyDialogProps extends DialogFrame {
  user: OrgUser;
  kind: KeyKind;
  keyId: string;
}

/** Asks before a key is revoked, and says what will stop working. */
export function RevokeKeyDialog({ user, kind, keyId, ...frame }: RevokeKeyDialogProps) {
  const listed = useKey(kind, user.org.id, keyId);
  const revoke = useRevokeKey(user);

  return (
    <ItemDialog
      {...frame}
      listed={listed}
      change={revoke}
      itemOf={(sent) => sent}
      goneText={messages.keyGone}
    >
      {(key) => (
        <ConfirmDialog
          {...frame}
          pending={revoke.isPending}
          submitError={revoke.error}
          confirmLabel={messages.revoke}
          onConfirm={() => revoke.mutate(key, { onSuccess: frame.onClose })}
        >
          <p>
            <strong>{key.name}</strong> <KeyEnd last4={key.last4} />
          </p>
          <p>
            {key.lastUsedAt === null
              ? messages.neverUsed
              : messages.lastUsed(<RelativeTime dateTime={key.lastUsedAt} />)}
          </p>
          <p>{messages.kinds[kind].consequence}</p>
        </ConfirmDialog>
      )}
    </ItemDialog>
  );
}
