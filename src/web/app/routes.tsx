import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import {
  DeleteConnectionRoute,
  EditConnectionRoute,
  NewConnectionRoute,
  PermissionsRoute,
} from '../pages/connection-dialogs.tsx';
import { CrossOrgVisibilityPage } from '../pages/cross-org-visibility-page.tsx';
import { HomePage } from '../pages/home-page.tsx';
import { NotFoundPage } from '../pages/not-found-page.tsx';
import { SETTINGS_PAGES } from '../common/navigation.ts';
import { OrgLayout } from './org-layout.tsx';

const InvitationPage = lazy(async () => ({
  default: (await import('../pages/invitation-page.tsx')).InvitationPage,
}));
const KeysPage = lazy(async () => ({ default: (await import('../pages/keys-page.tsx')).KeysPage }));
const SignInPage = lazy(async () => ({ default: (await import('../pages/sign-in-page.tsx')).SignInPage }));

export function AppRoutes() {
  return (
    <Routes>
      <Route path="/" element={<HomePage />} />
      <Route
        path="/sign-in"
        element={
          <Suspense>
            <SignInPage />
          </Suspense>
        }
      />
      <Route
        path="/invitations/:secret"
        element={
          <Suspense>
            <InvitationPage />
          </Suspense>
        }
      />
      <Route path="/orgs/:org" element={<OrgLayout />}>
        <Route path={`settings/${SETTINGS_PAGES.connections.segment}`} element={<CrossOrgVisibilityPage />}>
          <Route path="new" element={<NewConnectionRoute />} />
          <Route path=":id/edit" element={<EditConnectionRoute />} />
          <Route path=":id/permissions" element={<PermissionsRoute />} />
          <Route path=":id/delete" element={<DeleteConnectionRoute />} />
        </Route>
        <Route
          path={`settings/${SETTINGS_PAGES.keys.segment}/*`}
          element={
            <Suspense>
              <KeysPage />
            </Suspense>
          }
        />
      </Route>
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
