import { useParams } from 'react-router';
import { pagePath } from '../common/navigation.ts';
import { useOrgUser } from '../common/use-org-user.ts';
import { type DialogName, dialogTitle, openerId } from '../features/keys/dialogs.ts';
import { EditKeyDialog } from '../features/keys/edit-key-dialog.tsx';
import type { KeyKind } from '../features/keys/key.ts';
import { NewKeyDialog } from '../features/keys/new-key-dialog.tsx';
import { RevokeKeyDialog } from '../features/keys/revoke-key-dialog.tsx';
import { useDialogRoute } from './dialog-route.tsx';

const DIALOGS = { new: NewKeyDialog, edit: EditKeyDialog, revoke: RevokeKeyDialog };

/** A dialog of the keys page, as a route below the page. */
export function KeyDialogRoute({ name, kind }: { name: DialogName; kind: KeyKind }) {
  const { org = '', id } = useParams();
  const user = useOrgUser();
  const frame = useDialogRoute({
    title: dialogTitle(name, kind),
    below: pagePath('keys', org),
    openerId: openerId(name, kind, id),
  });
  const Dialog = DIALOGS[name];
  return <Dialog {...frame} user={user} kind={kind} keyId={id ?? ''} />;
}
