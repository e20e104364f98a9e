import { useQuery } from '@tanstack/react-query';
import { WaitingDialog } from '../../common/item-dialog.tsx';
import type { PermissionsDialogProps } from './permissions-dialog-props.ts';
import { PolicyForm } from './policy-form.tsx';
import { policyOptions } from './queries.ts';

/** Manages who in the organization may query and edit a connection. */
export function PermissionsDialog(props: PermissionsDialogProps) {
  const { user, connection, title, onClose, returnFocus } = props;
  const policy = useQuery(policyOptions(user.org.id, connection.id));
  return policy.data ? (
    <PolicyForm {...props} saved={policy.data} />
  ) : (
    <WaitingDialog title={title} onClose={onClose} returnFocus={returnFocus} query={policy} />
  );
}
