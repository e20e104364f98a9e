import { Outlet, useLocation } from 'react-router';
import { messages as common } from '../common/messages.ts';
import { PAGES } from '../common/navigation.ts';
import { useDocumentTitle } from '../common/use-document-title.ts';
import { useOrgUser } from '../common/use-org-user.ts';
import { dialogTitleAt } from '../features/connections/dialogs.ts';
import { MessagePanel } from '../ui/message-panel.tsx';
import { ConnectionList } from './connection-list.tsx';
import styles from './cross-org-visibility-page.module.css';
import { messages } from './messages.ts';
import { PageHeader } from './page-header.tsx';

const { title, permission } = PAGES.connections;

export function CrossOrgVisibilityPage() {
  const user = useOrgUser();
  const { pathname } = useLocation();
  useDocumentTitle(dialogTitleAt(pathname), title, user.org.name);

  return (
    <div className={styles.page}>
      {user.permissions.includes(permission) ? (
        <>
          <ConnectionList user={user} />
          <Outlet context={user} />
        </>
      ) : (
        <>
          <PageHeader title={title} />
          <MessagePanel title={messages.connectionsHidden}>
            <p>{common.needsPermission(permission, user.org.name)}</p>
          </MessagePanel>
        </>
      )}
    </div>
  );
}
