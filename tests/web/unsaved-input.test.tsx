import { screen, waitFor } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EMAIL, ORG, PASSWORD } from '../support/account.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { openTestDatabase } from '../support/databases.ts';
import { type Browser, comeBackToTab, currentAddress, openPage } from '../support/render-page.tsx';

/** An organization with two administrators: Alex and Sam. */
const SETTINGS = `/orgs/${ORG.staging}/settings`;
const CONNECTIONS = `${SETTINGS}/cross-org-visibility`;
const KEYS = `${SETTINGS}/keys`;
const RESTORED = 'Your unsaved changes are back.';

let app: TestApp;
let connectionId: string;
let keyId: string;
beforeAll(async () => {
  app = await startApp(await openTestDatabase({ thread: 'main' }));
  const { id } = await app.database.db
    .selectFrom('application_key')
    .innerJoin('user', 'user.id', 'application_key.user_id')
    .where('user.email', '=', EMAIL.admin)
    .where('application_key.org_id', '=', ORG.staging)
    .select('application_key.id')
    .executeTakeFirstOrThrow();
  keyId = id;
});
afterAll(() => app.database.close());
beforeEach(async () => {
  await app.database.db.deleteFrom('org_connection').execute();
  connectionId = await app.connect('staging', 'production', { connection_types: ['metrics'] });
});

const nameField = () => screen.findByRole<HTMLInputElement>('textbox', { name: 'Name' });
const checkbox = (name: string) => screen.findByRole<HTMLInputElement>('checkbox', { name });
const button = (name: string) => screen.findByRole('button', { name });

async function endSessionAndSignIn({ user, network }: Browser, as: string): Promise<void> {
  network.forgetCookies();
  comeBackToTab();
  await signInOnPage(user, as);
}

async function signInOnPage(user: UserEvent, email: string): Promise<void> {
  await user.type(await screen.findByLabelText('Email'), email);
  await user.type(screen.getByLabelText('Password'), `${PASSWORD}{Enter}`);
}

interface Form {
  path: () => string;
  fill: (user: UserEvent) => Promise<void>;
  expectFilled: () => Promise<void>;
}

const newApplicationKey: Form = {
  path: () => `${KEYS}/application-keys/new`,
  fill: async (user) => {
    await user.type(await nameField(), 'deploy');
    await user.click(await checkbox('Org Connections Read'));
  },
  expectFilled: async () => {
    expect((await nameField()).value).toBe('deploy');
    expect((await checkbox('Org Connections Read')).checked).toBe(true);
  },
};

const permissions: Form = {
  path: () => `${CONNECTIONS}/${connectionId}/permissions`,
  fill: async (user) => {
    await user.click(await button('Restrict Access'));
    await user.click(await screen.findByRole('combobox', { name: 'Add roles, teams, or users' }));
    await user.click(await screen.findByRole('option', { name: /^Sam Okafor/ }));
    await user.keyboard('{Escape}');
  },
  expectFilled: async () => {
    await screen.findByRole('list', { name: 'Who has access' });
    expect(await screen.findByRole('combobox', { name: 'Access of Acme Staging' })).toBeTruthy();
    expect((await button('Add')).getAttribute('aria-disabled')).toBeNull();
    expect(screen.queryByText('You have unsaved changes from earlier.')).toBeNull();
  },
};

const FORMS: Record<string, Form> = {
  'New Application Key': newApplicationKey,
  'Edit Application Key': {
    path: () => `${KEYS}/application-keys/${keyId}/edit`,
    fill: async (user) => user.type(await nameField(), ' renamed'),
    expectFilled: async () => expect((await nameField()).value).toMatch(/ renamed$/),
  },
  'New Connection': {
    path: () => `${CONNECTIONS}/new`,
    fill: async (user) => {
      await user.click(await screen.findByRole('combobox', { name: /Destination/ }));
      await user.click(await screen.findByRole('option', { name: /^Acme Payments/ }));
      await user.click(await checkbox('Logs'));
    },
    expectFilled: async () => {
      expect((await screen.findByRole('combobox', { name: /Destination/ })).textContent).toContain(
        'Acme Payments',
      );
      expect((await checkbox('Logs')).checked).toBe(true);
    },
  },
  'Edit Connection': {
    path: () => `${CONNECTIONS}/${connectionId}/edit`,
    fill: async (user) => user.click(await checkbox('Logs')),
    expectFilled: async () => expect((await checkbox('Logs')).checked).toBe(true),
  },
  Permissions: permissions,
};

describe('Unsaved input of a dialog whose session ends', () => {
  it.each(Object.entries(FORMS))('%s: is back when the same person signs in again', async (_, form) => {
    const browser = await openPage(app, form.path(), { as: EMAIL.admin });
    await form.fill(browser.user);
    await endSessionAndSignIn(browser, EMAIL.admin);
    await screen.findByText(RESTORED);
    expect(currentAddress()).toBe(form.path());
    await form.expectFilled();

    await endSessionAndSignIn(browser, EMAIL.admin);
    await screen.findByText(RESTORED);
    await form.expectFilled();
  });

  it.each(Object.entries(FORMS))('%s: is removed when another person signs in', async (_, form) => {
    const browser = await openPage(app, form.path(), { as: EMAIL.admin });
    await form.fill(browser.user);
    await endSessionAndSignIn(browser, EMAIL.sam);
    await screen.findByRole('button', { name: 'Account of Sam Okafor' });
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(storedDrafts()).toEqual([]);
  });

  it('is back when the request to save it finds that the session has ended', async () => {
    const { user, network } = await openPage(app, newApplicationKey.path(), { as: EMAIL.admin });
    await newApplicationKey.fill(user);
    network.forgetCookies();
    await user.click(await button('Create'));
    await signInOnPage(user, EMAIL.admin);
    await screen.findByText(RESTORED);
    await newApplicationKey.expectFilled();

    await user.click(await button('Create'));
    await screen.findByRole('dialog', { name: 'Application Key Created' });
    expect(storedDrafts()).toEqual([]);
    await user.click(await button('Done'));
    await user.click(await button('New Application Key'));
    expect((await nameField()).value).toBe('');
    expect(screen.queryByText(RESTORED)).toBeNull();
  });

  it.each([
    ['New Application Key', newApplicationKey],
    ['Permissions', permissions],
  ])('%s: is gone after Discard', async (_, form) => {
    const browser = await openPage(app, form.path(), { as: EMAIL.admin });
    await form.fill(browser.user);
    await endSessionAndSignIn(browser, EMAIL.admin);
    await screen.findByText(RESTORED);
    await browser.user.click(await button('Cancel'));
    await browser.user.click(await button('Discard changes'));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(storedDrafts()).toEqual([]);
  });

  it('stores no secret that is shown once', async () => {
    const browser = await openPage(app, newApplicationKey.path(), { as: EMAIL.admin });
    await newApplicationKey.fill(browser.user);
    await browser.user.click(await button('Create'));
    await screen.findByRole('dialog', { name: 'Application Key Created' });
    browser.network.forgetCookies();
    comeBackToTab();
    await screen.findByLabelText('Email');
    expect(storedDrafts()).toEqual([]);
  });

  it('removes a policy that was left with Back on sign-out', async () => {
    const { user } = await openPage(app, CONNECTIONS, { as: EMAIL.admin });
    await user.click(await screen.findByRole('link', { name: /^Permissions of connection/ }));
    await user.click(await button('Restrict Access'));
    window.history.back();
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(storedDrafts()).toHaveLength(1);
    await user.click(await button('Account of Alex Admin'));
    await user.click(screen.getByRole('menuitem', { name: 'Sign out' }));
    await screen.findByLabelText('Email');
    expect(storedDrafts()).toEqual([]);
  });
});

/** Everything in the tab's storage except the id of its last person. */
function storedDrafts(): string[] {
  return Object.keys(sessionStorage).filter((key) => key !== 'last-person');
}
