import { useQuery } from '@tanstack/react-query';
import { Navigate, Route, Routes, useLocation, useNavigate } from 'react-router';
import { permissionRequired } from '../i18n/error-messages.ts';
import { errorMessages } from '../api/request.ts';
import type { OrgUser } from '../api/session.ts';
import { dialogLink } from '../common/dialog-link.ts';
import { dialogPath, dialogTitle, dialogTitleAt, openerId } from '../features/keys/dialogs.ts';
import { type KeyKind, KINDS } from '../features/keys/key.ts';
import { KeysTable, KeysTableSkeleton } from '../features/keys/keys-table.tsx';
import { keysOptions } from '../features/keys/queries.ts';
import { SETTINGS_PAGES, settingsPath } from '../common/navigation.ts';
import { Button } from '../ui/button.tsx';
import { Callout } from '../ui/callout.tsx';
import { PlusIcon } from '../ui/icons.tsx';
import { useDocumentTitle } from '../common/use-document-title.ts';
import { EditKeyRoute, NewKeyRoute, RevokeKeyRoute } from './key-dialogs.tsx';
import styles from './keys-page.module.css';
import { useOrgUser } from '../common/use-org-user.ts';
import { PageHeader, pageHeading } from './page-header.tsx';

const TITLE = SETTINGS_PAGES.keys.title;

/** The keys with which programs prove who they are: the person's own application keys, the organization's API keys. */
export function KeysPage() {
  const user = useOrgUser();
  const { pathname } = useLocation();
  useDocumentTitle(dialogTitleAt(pathname), TITLE, user.org.name);

  return (
    <div className={styles.page}>
      <PageHeader title={TITLE} />
      <KeysSection
        user={user}
        kind="application"
        title="Application keys"
        about={`Yours. A program acts as you in ${user.org.name} with one of them, together with an API key.`}
      />
      <KeysSection
        user={user}
        kind="api"
        title="API keys"
        about={`Of ${user.org.name}. With one of them, a program says which organization it speaks to.`}
      />
      <Routes>
        <Route index element={null} />
        {(['application', 'api'] as const).map((kind) =>
          user.permissions.includes(KINDS[kind].permission) ? (
            <Route key={kind}>
              <Route path={dialogPath('new', kind)} element={<NewKeyRoute kind={kind} />} />
              <Route path={dialogPath('edit', kind, ':id')} element={<EditKeyRoute kind={kind} />} />
              <Route path={dialogPath('revoke', kind, ':id')} element={<RevokeKeyRoute kind={kind} />} />
            </Route>
          ) : null,
        )}
        <Route path="*" element={<Navigate to={settingsPath('keys', user.org.id)} replace />} />
      </Routes>
    </div>
  );
}

interface SectionProps {
  user: OrgUser;
  kind: KeyKind;
  title: string;
  about: string;
}

function KeysSection({ user, kind, title, about }: SectionProps) {
  const { permission } = KINDS[kind];
  const isPermitted = user.permissions.includes(permission);
  const headingId = `heading-${kind}`;

  return (
    <section className={styles.section} aria-labelledby={headingId}>
      <header className={styles.header}>
        <div className={styles.words}>
          <h2 id={headingId} className={styles.title}>
            {title}
          </h2>
          <p className={styles.about}>{about}</p>
        </div>
        {isPermitted && <NewKeyButton user={user} kind={kind} />}
      </header>
      {isPermitted ? (
        <Keys user={user} kind={kind} />
      ) : (
        <Callout>
          {permissionRequired(permission)} An administrator of {user.org.name} can grant it.
        </Callout>
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
          `${settingsPath('keys', user.org.id)}/${dialogPath('new', kind)}`,
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
  const { noun } = KINDS[kind];

  // What was pressed goes away with what it mended: the focus goes where one continues.
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
              Retry
            </Button>
          }
        >
          {keys.data
            ? 'The list could not be refreshed and may be out of date.'
            : `The ${noun}s could not be loaded.`}{' '}
          {errorMessages(keys.error).join(' ')}
        </Callout>
      )}
      {keys.isPending && (
        <>
          <output className="visually-hidden">Loading {noun}s</output>
          <KeysTableSkeleton kind={kind} />
        </>
      )}
      {keys.data?.length === 0 && <p className={styles.none}>No {noun}s yet.</p>}
      {keys.data && keys.data.length > 0 && (
        <KeysTable kind={kind} keys={keys.data} below={settingsPath('keys', user.org.id)} />
      )}
    </>
  );
}
