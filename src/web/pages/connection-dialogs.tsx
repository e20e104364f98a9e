import { useRef } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import {
  DeleteConnectionDialog,
  EditConnectionDialog,
  isOpenedFromList,
  NewConnectionDialog,
  openerId,
} from '../features/connections/dialogs.ts';
import { crossOrgVisibilityPath } from '../links.ts';
import { pageHeading } from './cross-org-visibility-page.tsx';
import { useOrgUser } from './org-layout.tsx';

/* The dialogs as routes below the list's: what closes them, and where the focus goes then. */

export function NewConnectionRoute() {
  return <NewConnectionDialog user={useOrgUser()} {...useDialogRoute('new')} />;
}

export function EditConnectionRoute() {
  const { id = '' } = useParams();
  return <EditConnectionDialog user={useOrgUser()} connectionId={id} {...useDialogRoute('edit', id)} />;
}

export function DeleteConnectionRoute() {
  const { id = '' } = useParams();
  return <DeleteConnectionDialog user={useOrgUser()} connectionId={id} {...useDialogRoute('delete', id)} />;
}

function useDialogRoute(dialog: 'new' | 'edit' | 'delete', connectionId?: string) {
  const navigate = useNavigate();
  const { search, state } = useLocation();
  const { org = '' } = useParams();
  const isClosing = useRef(false);

  return {
    onClose: () => {
      if (isClosing.current) return;
      isClosing.current = true;
      // Opened from the list, the list is one step back. Opened by a link, it takes the dialog's place.
      if (isOpenedFromList(state)) void navigate(-1);
      else void navigate({ pathname: crossOrgVisibilityPath(org), search }, { replace: true });
    },
    returnFocus: () => document.getElementById(openerId(dialog, connectionId)) ?? pageHeading(),
  };
}
