import { lazy, type ReactNode, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { PAGE_NAMES, type PageName, PAGES } from '../common/navigation.ts';
import { preloadable } from '../common/preloadable.tsx';
import { ConnectionDialogRoute } from '../pages/connection-dialog-route.tsx';
import { CrossOrgVisibilityPage } from '../pages/cross-org-visibility-page.tsx';
import { HomePage } from '../pages/home-page.tsx';
import { NotFoundPage } from '../pages/not-found-page.tsx';
import { PageBoundary } from '../pages/page-boundary.tsx';
import { SettingsLayout } from './settings-layout.tsx';
import { Shell } from './shell.tsx';

const InvitationPage = lazy(async () => ({
  default: (await import('../pages/invitation-page.tsx')).InvitationPage,
}));
const KeysPage = preloadable(async () => (await import('../pages/keys-page.tsx')).KeysPage);
const SignInPage = lazy(async () => ({ default: (await import('../pages/sign-in-page.tsx')).SignInPage }));

/** The route of each page. A page in a chunk of its own (`/*`) has the routes of its dialogs in that chunk. */
const PAGE_ROUTES: Record<PageName, ReactNode> = {
  connections: (
    <Route path={PAGES.connections.path} element={<CrossOrgVisibilityPage />}>
      <Route path="new" element={<ConnectionDialogRoute name="new" />} />
      <Route path=":id/edit" element={<ConnectionDialogRoute name="edit" />} />
      <Route path=":id/permissions" element={<ConnectionDialogRoute name="permissions" />} />
      <Route path=":id/delete" element={<ConnectionDialogRoute name="delete" />} />
    </Route>
  ),
  keys: (
    <Route
      path={`${PAGES.keys.path}/*`}
      element={
        <PageBoundary title={PAGES.keys.title} preload={KeysPage.preload}>
          <KeysPage />
        </PageBoundary>
      }
    />
  ),
};

export function AppRoutes() {
  return (
    <Suspense>
      <Routes>
        <Route path="/" element={<HomePage />} />
        <Route path="/sign-in" element={<SignInPage />} />
        <Route path="/invitations/:secret" element={<InvitationPage />} />
        <Route path="/orgs/:org" element={<Shell />}>
          <Route element={<SettingsLayout />}>
            {PAGE_NAMES.map((name) => (
              <Route key={name}>{PAGE_ROUTES[name]}</Route>
            ))}
          </Route>
        </Route>
        <Route path="*" element={<NotFoundPage />} />
      </Routes>
    </Suspense>
  );
}
