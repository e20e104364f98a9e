import { useParams } from 'react-router';
import { pagePath } from '../common/navigation.ts';
import { useOrgUser } from '../common/use-org-user.ts';
import { type DialogName, openerId } from '../features/connections/dialogs.ts';
import { messages } from '../features/connections/messages.ts';
import { CONNECTION_DIALOGS } from './dialog-chunks.tsx';
import { DialogBoundary, useDialogRoute } from './dialog-route.tsx';

/** A dialog of the connections page, as a route below the page. */
export function ConnectionDialogRoute({ name }: { name: DialogName }) {
  const { org = '', id } = useParams();
  const user = useOrgUser();
  const frame = useDialogRoute({
    title: messages.dialogTitles[name],
    below: pagePath('connections', org),
    openerId: openerId(name, id),
  });
  const Dialog = CONNECTION_DIALOGS[name];
  return (
    <DialogBoundary {...frame} preload={Dialog.preload}>
      <Dialog {...frame} user={user} connectionId={id ?? ''} />
    </DialogBoundary>
  );
}
