import { useParams } from 'react-router';
import { type DialogName, dialogTitle, openerId } from '../features/keys/dialogs.ts';
import { EditKeyDialog } from '../features/keys/edit-key-dialog.tsx';
import type { KeyKind } from '../features/keys/key.ts';
import { NewKeyDialog } from '../features/keys/new-key-dialog.tsx';
import { RevokeKeyDialog } from '../features/keys/revoke-key-dialog.tsx';
import { settingsPath } from '../common/navigation.ts';
import { useDialogRoute } from './dialog-route.tsx';
import { useOrgUser } from '../common/use-org-user.ts';

/* The dialogs as routes below the page of keys. */

export function NewKeyRoute({ kind }: { kind: KeyKind }) {
  return <NewKeyDialog user={useOrgUser()} kind={kind} {...useKeyDialog('new', kind)} />;
}

export function EditKeyRoute({ kind }: { kind: KeyKind }) {
  const { id = '' } = useParams();
  return <EditKeyDialog user={useOrgUser()} kind={kind} keyId={id} {...useKeyDialog('edit', kind, id)} />;
}

export function RevokeKeyRoute({ kind }: { kind: KeyKind }) {
  const { id = '' } = useParams();
  return <RevokeKeyDialog user={useOrgUser()} kind={kind} keyId={id} {...useKeyDialog('revoke', kind, id)} />;
}

function useKeyDialog(dialog: DialogName, kind: KeyKind, keyId?: string) {
  const { org = '' } = useParams();
  return useDialogRoute({
    title: dialogTitle(dialog, kind),
    below: settingsPath('keys', org),
    openerId: openerId(dialog, kind, keyId),
  });
}
