import type { ReactNode } from 'react';
import type { PermittedActions } from '../../../contract/org-connections/schema.ts';
import type { OrgUser } from '../../api/session.ts';
import type { DialogFrame } from '../../ui/dialog-parts.tsx';

export interface PermissionsDialogProps extends DialogFrame {
  user: OrgUser;
  connection: {
    id: string;
    side: 'source' | 'destination';
    permitted: PermittedActions;
  };
  /** The connection in one line. */
  summary: ReactNode;
  /** Refreshes the list, which shows whether access is restricted. */
  onChanged: () => Promise<void>;
}
