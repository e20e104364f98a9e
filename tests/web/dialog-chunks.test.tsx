import { screen, waitFor } from '@testing-library/react';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { EMAIL, ORG } from '../support/account.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { openTestDatabase } from '../support/databases.ts';
import { currentAddress, openPage } from '../support/render-page.tsx';

const LIST = `/orgs/${ORG.production}/settings/cross-org-visibility`;

/** Whether the chunks of the dialogs cannot be fetched. */
const chunks = vi.hoisted(() => ({ areAway: false }));

vi.mock(import('../../src/web/features/connections/edit-connection-dialog.tsx'), async (original) => {
  const { EditConnectionDialog } = await original();
  return {
    get EditConnectionDialog() {
      if (chunks.areAway) throw new TypeError('Failed to fetch dynamically imported module');
      return EditConnectionDialog;
    },
  };
});
vi.mock(import('../../src/web/features/connections/new-connection-dialog.tsx'), async (original) => {
  const { NewConnectionDialog } = await original();
  return {
    get NewConnectionDialog() {
      if (chunks.areAway) throw new TypeError('Failed to fetch dynamically imported module');
      return NewConnectionDialog;
    },
  };
});
vi.mock(import('../../src/web/features/connections/delete-connection-dialog.tsx'), async (original) => {
  const { DeleteConnectionDialog } = await original();
  return {
    get DeleteConnectionDialog() {
      if (chunks.areAway) throw new TypeError('Failed to fetch dynamically imported module');
      return DeleteConnectionDialog;
    },
  };
});

let app: TestApp;
let connectionId: string;
beforeAll(async () => {
  app = await startApp(await openTestDatabase({ thread: 'main' }));
  connectionId = await app.connect('production', 'staging');
});
afterAll(() => app.database.close());
beforeEach(() => {
  chunks.areAway = true;
  // React reports every error on the console, even a caught one.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

it('a dialog that cannot be loaded keeps the list, and can be retried', async () => {
  const { user, network } = await openPage(app, LIST, { as: EMAIL.admin });
  await user.click(await screen.findByRole('link', { name: 'Edit connection to Acme Staging' }));

  await screen.findByText(/This dialog could not be loaded/);
  expect(screen.getByRole('dialog', { name: 'Edit Connection' })).toBeTruthy();
  expect(screen.getByRole('table', { hidden: true })).toBeTruthy();
  const retry = screen.getByRole('button', { name: 'Retry' });
  expect(document.activeElement).toBe(retry);

  network.cut();
  await user.click(retry);
  await waitFor(() => expect(retry.getAttribute('aria-disabled')).toBeNull());
  expect(screen.getByText(/This dialog could not be loaded/)).toBeTruthy();

  network.mend();
  chunks.areAway = false;
  await user.click(retry);
  expect(await screen.findByRole('checkbox', { name: 'Metrics' })).toBeTruthy();
  expect(screen.queryByText(/could not be loaded/)).toBeNull();
});

it.each([
  ['online', true, /reload the page to get the latest version/],
  ['offline', false, /You’re offline/],
] as const)('a dialog that cannot be loaded %s says what to do', async (_, onLine, text) => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(onLine);
  await openPage(app, `${LIST}/${connectionId}/delete`, { as: EMAIL.admin });
  await screen.findByText(text);
  expect(screen.queryAllByRole('button', { name: 'Reload the page' })).toHaveLength(onLine ? 1 : 0);
});

it('a dialog that cannot be loaded offline is loaded when the browser is online again', async () => {
  const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  await openPage(app, `${LIST}/new`, { as: EMAIL.admin });
  await screen.findByText(/You’re offline/);

  chunks.areAway = false;
  onLine.mockReturnValue(true);
  window.dispatchEvent(new Event('online'));
  expect(await screen.findByRole('checkbox', { name: 'Metrics' })).toBeTruthy();
  expect(screen.queryByText(/You’re offline/)).toBeNull();
});

it('a dialog that could not be loaded is loaded when it is opened again', async () => {
  const { user } = await openPage(app, LIST, { as: EMAIL.admin });
  await user.click(await screen.findByRole('link', { name: 'Delete connection to Acme Staging' }));
  await screen.findByText(/This dialog could not be loaded/);
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(currentAddress()).toBe(LIST);

  chunks.areAway = false;
  await user.click(screen.getByRole('link', { name: 'Delete connection to Acme Staging' }));
  expect(await screen.findByRole('alertdialog', { name: 'Are you sure?' })).toBeTruthy();
});
