import { screen, waitFor } from '@testing-library/react';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { EMAIL } from '../support/account.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { openTestDatabase } from '../support/databases.ts';
import { openPage } from '../support/render-page.tsx';

/** Whether the chunk of the page cannot be fetched. */
const chunk = vi.hoisted(() => ({ isAway: true }));

vi.mock(import('../../src/web/pages/keys-page.tsx'), async (original) => {
  const { KeysPage } = await original();
  return {
    get KeysPage() {
      if (chunk.isAway) throw new TypeError('Failed to fetch dynamically imported module');
      return KeysPage;
    },
  };
});

let app: TestApp;
beforeAll(async () => {
  app = await startApp(await openTestDatabase({ thread: 'main' }));
});
afterAll(() => app.database.close());

it('a page that cannot be loaded keeps the navigation, and loads when the browser is online again', async () => {
  // React reports every error on the console, even a caught one.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { user, network } = await openPage(app, '/', { as: EMAIL.admin });
  const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  network.cut();
  await user.click(await screen.findByRole('link', { name: 'Keys' }));

  await screen.findByText('This page could not be loaded');
  expect(screen.getByText(/You’re offline/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Account of Alex Admin' })).toBeTruthy();
  expect(screen.getByRole('navigation', { name: 'Organization settings' })).toBeTruthy();

  const retry = screen.getByRole('button', { name: 'Retry' });
  await user.click(retry);
  await waitFor(() => expect(retry.getAttribute('aria-disabled')).toBeNull());
  expect(screen.getByText('This page could not be loaded')).toBeTruthy();

  network.mend();
  chunk.isAway = false;
  onLine.mockReturnValue(true);
  window.dispatchEvent(new Event('online'));
  await screen.findByRole('table', { name: 'API keys' });
  expect(screen.queryByText('This page could not be loaded')).toBeNull();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Keys' })));
});
