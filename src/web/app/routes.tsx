import { lazy, type ReactNode, Suspense } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { HOME_PATH, PAGE_NAMES, type PageName, PAGES } from '../common/navigation.ts';
import { preloadable } from '../common/preloadable.tsx';
import { ConnectionDialogRoute } from '../pages/connection-dialog-route.tsx';
import { CrossOrgVisibilityPage } from '../pages/cross-org-visibility-page.tsx';
import { HomePage } from '../pages/home-page.tsx';
import { NotFoundPage } from '../pages/not-found-page.tsx';
import { PageBoundary } from '../pages/page-boundary.tsx';
import { MainLayout } from './main-layout.tsx';
import { SettingsLayout } from './settings-layout.tsx';
import { Shell } from './shell.tsx';

const InvitationPage = lazy(async () => ({
  default: (await import('../pages/invitation-page.tsx')).InvitationPage,
}));
const ExplorePage = preloadable(async () => (await import('../pages/explore-page.tsx')).ExplorePage);
const KeysPage = preloadable(async () => (await import('../pages/keys-page.tsx')).KeysPage);
const SignInPage = lazy(async () => ({ default: (await import('../pages/sign-in-page.tsx')).SignInPage }));

/** The route of each page. A page in a chunk of its own (`/*`) has the routes of its dialogs in that chunk. */
const PAGE_ROUTES: Record<PageName, ReactNode> = {
  explore: (
    <Route
      path={PAGES.explore.path}
      element={
        <PageBoundary title={PAGES.explore.title} preload={ExplorePage.preload}>
          <ExplorePage />
        </PageBoundary>
      }
    />
  ),
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

function routesOf(place: 'main' | 'settings') {
  const names = PAGE_NAMES.filter((name) => PAGES[name].place === place);
  return names.map((name) => <Route key={name}>{PAGE_ROUTES[name]}</Route>);
}

export function AppRoutes() {
  return (
    <Suspense>
      <Routes>
        <Route path="/" element={<HomePage />} />
        <Route path="/sign-in" element={<SignInPage />} />
        <Route path="/invitations/:secret" element={<InvitationPage />} />
        <Route path="/orgs/:org" element={<Shell />}>
          <Route index element={<Navigate to={HOME_PATH} replace />} />
          <Route element={<MainLayout />}>{routesOf('main')}</Route>
          <Route element={<SettingsLayout />}>{routesOf('settings')}</Route>
        </Route>
        <Route path="*" element={<NotFoundPage />} />
      </Routes>
    </Suspense>
  );
}
