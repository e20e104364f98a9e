import { screen, waitFor } from '@testing-library/react';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PATHS, PERSON_HEADER } from '../../src/contract/paths.ts';
import { adminKeys, EMAIL, ORG, PASSWORD } from '../support/account.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { openTestDatabase } from '../support/databases.ts';
import { invite } from '../support/invitations.ts';
import { comeBackToTab, currentAddress, openPage } from '../support/render-page.tsx';
import { signInAs } from '../support/session.ts';

/** An organization with two administrators: Alex and Sam. */
const STAGING = `/orgs/${ORG.staging}/settings`;
const CONNECTIONS = `${STAGING}/cross-org-visibility`;
const KEYS = `${STAGING}/keys`;
const TAKEN_OVER = /You are now signed in as Sam Okafor.*Unsaved changes on this page were discarded/;

let app: TestApp;
beforeAll(async () => {
  app = await startApp(await openTestDatabase({ thread: 'main' }));
});
afterAll(() => app.database.close());
beforeEach(() => app.database.db.deleteFrom('org_connection').execute());

/** The names of the application keys that were created for a person. */
async function keyNamesOf(email: string): Promise<string[]> {
  const keys = await app.database.db
    .selectFrom('application_key')
    .innerJoin('user', 'user.id', 'application_key.user_id')
    .where('user.email', '=', email)
    .select('application_key.name')
    .execute();
  return keys.map(({ name }) => name).filter((name) => name !== 'cli' && name !== 'narrow');
}

describe('A page whose person was changed in another tab', () => {
  it('creates no key, and closes the dialog', async () => {
    const { user, network } = await openPage(app, KEYS, { as: EMAIL.admin });
    await user.click(await screen.findByRole('button', { name: 'New Application Key' }));
    await user.type(await screen.findByRole('textbox', { name: 'Name' }), 'typed by Alex');
    await network.signIn(EMAIL.sam);
    await user.click(screen.getByRole('button', { name: 'Create' }));

    await screen.findByText(TAKEN_OVER);
    await screen.findByRole('button', { name: 'Account of Sam Okafor' });
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(currentAddress()).toBe(KEYS);
    await user.click(await screen.findByRole('button', { name: 'New Application Key' }));
    const name = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Name' });
    expect(name.value).toBe('');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(await keyNamesOf(EMAIL.sam)).toEqual([]);
    expect(await keyNamesOf(EMAIL.admin)).toEqual([]);

    await user.type(name, 'typed by Sam');
    await user.click(screen.getByRole('button', { name: 'Create' }));
    await screen.findByRole('dialog', { name: 'Application Key Created' });
    expect(await keyNamesOf(EMAIL.sam)).toEqual(['typed by Sam']);
  });

  it('does not sign out the new person', async () => {
    const { user, network } = await openPage(app, CONNECTIONS, { as: EMAIL.admin });
    await user.click(await screen.findByRole('button', { name: 'Account of Alex Admin' }));
    await network.signIn(EMAIL.sam);
    await user.click(screen.getByRole('menuitem', { name: 'Sign out' }));

    await screen.findByText(TAKEN_OVER);
    await screen.findByRole('button', { name: 'Account of Sam Okafor' });
    expect((await network.fetch(PATHS.session)).status).toBe(200);
  });

  it('accepts no invitation, and names the invited person', async () => {
    const secret = await invite(app.database, 'globex', EMAIL.admin);
    const { user, network } = await openPage(app, `/invitations/${secret}`, { as: EMAIL.admin });
    const join = await screen.findByRole('button', { name: 'Join' });
    await network.signIn(EMAIL.sam);
    await user.click(join);

    await screen.findByText(TAKEN_OVER);
    expect(await screen.findByText(/This invitation is for/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Join' })).toBeNull();
  });

  it('does not continue a change of several requests as the new person', async () => {
    const id = await app.connect('staging', 'production', { connection_types: ['metrics'] });
    const { user, network } = await openPage(app, `${CONNECTIONS}/${id}/edit`, { as: EMAIL.admin });
    await user.click(await screen.findByRole('checkbox', { name: 'Logs' }));
    const release = network.hold(`${PATHS.orgConnections}/${id}`);
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(network.requests.at(-1)).toBe(`GET ${PATHS.orgConnections}/${id}`));
    await network.signIn(EMAIL.sam);
    comeBackToTab();
    await screen.findByText(TAKEN_OVER);

    release();
    await screen.findByRole('link', { name: /^Edit / });
    expect(screen.queryByRole('dialog')).toBeNull();
    await pause();
    expect(network.requests.filter((request) => request.startsWith('PATCH'))).toEqual([]);
  });

  it('does not show the new person toasts of the previous person', async () => {
    await app.connect('staging', 'production');
    const id = await app.connect('staging', 'payments');
    const { user, network } = await openPage(app, CONNECTIONS, { as: EMAIL.admin });
    await user.click(await screen.findByRole('link', { name: /^Delete .*Acme Production/ }));
    await user.click(await screen.findByRole('button', { name: 'Delete' }));
    await screen.findByText('The connection to Acme Production was deleted.');

    await user.click(await screen.findByRole('link', { name: /^Delete .*Acme Payments/ }));
    const release = network.hold(`${PATHS.orgConnections}/${id}`);
    await user.click(await screen.findByRole('button', { name: 'Delete' }));
    await network.signIn(EMAIL.sam);
    comeBackToTab();
    await screen.findByText(TAKEN_OVER);
    release();

    await waitFor(async () => expect(await connectionCount()).toBe(0));
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(screen.queryByText(/was deleted/)).toBeNull();
  });

  it('closes the Delete dialog, which would otherwise be ready to delete as the new person', async () => {
    const id = await app.connect('staging', 'production');
    const { network } = await openPage(app, `${CONNECTIONS}/${id}/delete?filter=acme`, { as: EMAIL.admin });
    await screen.findByRole('button', { name: 'Delete' });
    await network.signIn(EMAIL.sam);
    comeBackToTab();

    await screen.findByText(TAKEN_OVER);
    await screen.findByRole('link', { name: /^Delete connection/ });
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(currentAddress()).toBe(`${CONNECTIONS}?filter=acme`);
  });

  it('closes the Delete dialog when the session ends and another person signs in', async () => {
    const id = await app.connect('staging', 'production');
    const { user, network } = await openPage(app, `${CONNECTIONS}/${id}/delete`, { as: EMAIL.admin });
    await screen.findByRole('button', { name: 'Delete' });
    network.forgetCookies();
    comeBackToTab();
    await user.type(await screen.findByLabelText('Email'), EMAIL.sam);
    await user.type(screen.getByLabelText('Password'), `${PASSWORD}{Enter}`);

    await screen.findByRole('link', { name: /^Delete connection/ });
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(currentAddress()).toBe(CONNECTIONS);
  });

  it('keeps the notice until it is dismissed', async () => {
    const { user, network } = await openPage(app, CONNECTIONS, { as: EMAIL.admin });
    await screen.findByRole('button', { name: 'Account of Alex Admin' });
    await network.signIn(EMAIL.sam);
    vi.useFakeTimers({ shouldAdvanceTime: true });
    comeBackToTab();
    await screen.findByText(TAKEN_OVER);
    await vi.advanceTimersByTimeAsync(60_000);
    vi.useRealTimers();
    expect(screen.getByText(TAKEN_OVER)).toBeTruthy();

    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByText(TAKEN_OVER)).toBeNull();
  });
});

describe('A page', () => {
  it('keeps its input when the same person signs in again in another tab', async () => {
    const { user, network } = await openPage(app, KEYS, { as: EMAIL.admin });
    await user.click(await screen.findByRole('button', { name: 'New Application Key' }));
    await user.type(await screen.findByRole('textbox', { name: 'Name' }), 'still here');
    await network.signIn(EMAIL.admin);
    comeBackToTab();
    await user.click(screen.getByRole('button', { name: 'Create' }));

    await screen.findByRole('dialog', { name: 'Application Key Created' });
    expect(screen.queryByText(/unsaved changes/)).toBeNull();
    expect(await keyNamesOf(EMAIL.admin)).toEqual(['still here']);
  });

  it('stays signed in when an older session response arrives after the sign-in', async () => {
    const { user, network } = await openPage(app, '/sign-in');
    await user.type(await screen.findByLabelText('Email'), EMAIL.admin);
    const release = network.hold(PATHS.session);
    comeBackToTab();
    await waitFor(() => expect(network.requests.at(-1)).toBe(`GET ${PATHS.session}`));
    await pause();
    network.hold('/no-other-path');
    await user.type(screen.getByLabelText('Password'), `${PASSWORD}{Enter}`);
    await screen.findByRole('button', { name: 'Account of Alex Admin' });

    release();
    await pause();
    expect(currentAddress()).not.toContain('/sign-in');
    expect(screen.getByRole('button', { name: 'Account of Alex Admin' })).toBeTruthy();
  });

  it('names its person in every request after the session is loaded', async () => {
    const { [PERSON_HEADER]: alex } = await signInAs(app, EMAIL.admin);
    const sent = vi.spyOn(app, 'fetch');
    const { user } = await openPage(app, `${CONNECTIONS}/new`, { as: EMAIL.admin });
    await user.click(await screen.findByRole('checkbox', { name: 'Logs' }));
    await screen.findByRole('combobox');
    const requests = sent.mock.calls.map(([request]) => request);
    const others = requests.filter(({ url }) => !url.endsWith(PATHS.session));
    expect(others.length).toBeGreaterThan(0);
    for (const { url, headers } of others) expect(headers.get(PERSON_HEADER), url).toBe(alex);
  });
});

/** Long enough for the page to act on an answer. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}

async function connectionCount(): Promise<number> {
  const { body } = await app.call('GET', PATHS.orgConnections, adminKeys('staging'));
  return (body as { data: unknown[] }).data.length;
}
