import { useQuery } from '@tanstack/react-query';
import { Navigate, Route, Routes, useLocation, useNavigate } from 'react-router';
import { errorMessages } from '../api/request.ts';
import type { OrgUser } from '../api/session.ts';
import { messages as common } from '../common/messages.ts';
import { dialogLink } from '../common/dialog-link.ts';
import { dialogPath, dialogTitle, dialogTitleAt, openerId } from '../features/keys/dialogs.ts';
import { type KeyKind, KINDS } from '../features/keys/key.ts';
import { messages as keyMessages } from '../features/keys/messages.ts';
import { KeysTable, KeysTableSkeleton } from '../features/keys/keys-table.tsx';
import { keysOptions } from '../features/keys/queries.ts';
import { PAGES, pagePath } from '../common/navigation.ts';
import { Button } from '../ui/button.tsx';
import { Callout } from '../ui/callout.tsx';
import { PlusIcon } from 'lucide-react';
import { useDocumentTitle } from '../common/use-document-title.ts';
import { KeyDialogRoute } from './key-dialog-route.tsx';
import { messages } from './messages.ts';
import styles from './keys-page.module.css';
import { useOrgUser } from '../common/use-org-user.ts';
import { PageHeader, pageHeading } from './page-header.tsx';

const TITLE = PAGES.keys.title;

/** The user's own application keys, and the organization's API keys. */
export function KeysPage() {
  const user = useOrgUser();
  const { pathname } = useLocation();
  useDocumentTitle(dialogTitleAt(pathname), TITLE, user.org.name);

  return (
    <div className={styles.page}>
      <PageHeader title={TITLE} />
      <KeysSection user={user} kind="application" />
      <KeysSection user={user} kind="api" />
      <Routes>
        <Route index element={null} />
        {(['application', 'api'] as const).map((kind) =>
          user.permissions.includes(KINDS[kind].permission) ? (
            <Route key={kind}>
              <Route path={dialogPath('new', kind)} element={<KeyDialogRoute name="new" kind={kind} />} />
              <Route
                path={dialogPath('edit', kind, ':id')}
                element={<KeyDialogRoute name="edit" kind={kind} />}
              />
              <Route
                path={dialogPath('revoke', kind, ':id')}
                element={<KeyDialogRoute name="revoke" kind={kind} />}
              />
            </Route>
          ) : null,
        )}
        <Route path="*" element={<Navigate to={pagePath('keys', user.org.id)} replace />} />
      </Routes>
    </div>
  );
}

interface SectionProps {
  user: OrgUser;
  kind: KeyKind;
}

function KeysSection({ user, kind }: SectionProps) {
  const { permission } = KINDS[kind];
  const { title, about } = keyMessages.kinds[kind];
  const isPermitted = user.permissions.includes(permission);
  const headingId = `heading-${kind}`;

  return (
    <section className={styles.section} aria-labelledby={headingId}>
      <header className={styles.header}>
        <div className={styles.words}>
          <h2 id={headingId} className={styles.title}>
            {title}
          </h2>
          <p className={styles.about}>{about(user.org.name)}</p>
        </div>
        {isPermitted && <NewKeyButton user={user} kind={kind} />}
      </header>
      {isPermitted ? (
        <Keys user={user} kind={kind} />
      ) : (
        <Callout>{common.needsPermission(permission, user.org.name)}</Callout>
      )}
    </section>
  );
}

function NewKeyButton({ user, kind }: { user: OrgUser; kind: KeyKind }) {
  const navigate = useNavigate();
  const { search } = useLocation();
  return (
    <Button
      id={openerId('new', kind)}
      onClick={() => {
        const { to, state } = dialogLink(
          `${pagePath('keys', user.org.id)}/${dialogPath('new', kind)}`,
          search,
        );
        void navigate(to, { state });
      }}
    >
      <PlusIcon />
      {dialogTitle('new', kind)}
    </Button>
  );
}

function Keys({ user, kind }: { user: OrgUser; kind: KeyKind }) {
  const keys = useQuery(keysOptions(kind, user.org.id));
  const texts = keyMessages.kinds[kind];

  // The button unmounts on success; move focus to the heading.
  async function retry() {
    const { isSuccess } = await keys.refetch();
    if (isSuccess) pageHeading()?.focus();
  }

  return (
    <>
      {keys.isError && (
        <Callout
          tone={keys.data ? 'info' : 'danger'}
          live={keys.data ? 'polite' : 'assertive'}
          action={
            <Button variant="quiet" pending={keys.isFetching} onClick={() => void retry()}>
              {messages.retry}
            </Button>
          }
        >
          {keys.data ? messages.outdatedList : texts.failed} {errorMessages(keys.error).join(' ')}
        </Callout>
      )}
      {keys.isPending && (
        <>
          <output className="visually-hidden">{texts.loading}</output>
          <KeysTableSkeleton kind={kind} />
        </>
      )}
      {keys.data?.length === 0 && <p className={styles.none}>{texts.none}</p>}
      {keys.data && keys.data.length > 0 && (
        <KeysTable kind={kind} keys={keys.data} below={pagePath('keys', user.org.id)} />
      )}
    </>
  );
}
