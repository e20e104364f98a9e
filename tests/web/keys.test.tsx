import { screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { applyDirectory } from '../../src/server/directory/apply.ts';
import { adminKeys, EMAIL, ORG, TEST_DIRECTORY } from '../support/account.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { openTestDatabase } from '../support/databases.ts';
import { comeBackToTab, currentAddress, openPage } from '../support/render-page.tsx';
import { log } from '../support/log.ts';

const API_KEYS = '/api/v2/api_keys';
const APPLICATION_KEYS = '/api/v2/current_user/application_keys';
const PAGE = `/orgs/${ORG.production}/settings/keys`;
const GONE = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb';

let app: TestApp;
beforeAll(async () => {
  app = await startApp(await openTestDatabase({ thread: 'main' }));
});
afterAll(() => app.database.close());
beforeEach(async () => {
  const { db } = app.database;
  await db.deleteFrom('api_key').execute();
  await db.deleteFrom('application_key').execute();
  await sql`delete from directory_grant where subject like '%_key:%'`.execute(db);
  await applyDirectory({ db, log }, TEST_DIRECTORY);
});

async function createKey(path: string, attributes: object): Promise<{ id: string; secret: string }> {
  const type = path === API_KEYS ? 'api_keys' : 'application_keys';
  const { body } = await app.call('POST', path, adminKeys('production'), { data: { type, attributes } });
  const { data } = body as { data: { id: string; attributes: { key: string } } };
  return { id: data.id, secret: data.attributes.key };
}

/** What the API says that there is. */
async function keys(path: string): Promise<Record<string, unknown>> {
  const { body } = await app.call('GET', path, adminKeys('production'));
  const { data } = body as { data: { attributes: { name: string; scopes?: string[] } }[] };
  return Object.fromEntries(data.map(({ attributes }) => [attributes.name, attributes.scopes ?? null]));
}

const tableOf = (name: 'Application keys' | 'API keys') => screen.findByRole('table', { name, busy: false });

/** The cells of the row that begins with a name, as text. */
async function rowOf(table: 'Application keys' | 'API keys', name: string): Promise<(string | null)[]> {
  const cell = await within(await tableOf(table)).findByText(name);
  const row = cell.closest('tr');
  if (!row) throw new Error(`${name} is in no row`);
  return within(row)
    .getAllByRole('cell')
    .slice(0, 5)
    .map(({ textContent }) => textContent);
}

function dialogIsClosed() {
  return waitFor(() => {
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });
}

async function createOnPage(user: UserEvent, kind: 'API' | 'Application', name: string) {
  await user.click(await screen.findByRole('button', { name: `New ${kind} Key` }));
  await user.type(await screen.findByRole('textbox', { name: 'Name' }), name);
  await user.click(screen.getByRole('button', { name: 'Create' }));
}

describe('The keys page', () => {
  it('lists both kinds with last characters, scopes, creation and last use', async () => {
    const deploy = await createKey(APPLICATION_KEYS, {
      name: 'deploy',
      scopes: ['teams_manage', 'org_connections_read'],
    });
    const intake = await createKey(API_KEYS, { name: 'intake' });
    await app.database.db
      .updateTable('api_key')
      .set({ last_used_at: new Date(Date.now() - 3.5 * 3600_000) })
      .where('name', '=', 'intake')
      .execute();
    await openPage(app, PAGE, { as: EMAIL.admin });

    expect(await rowOf('Application keys', 'deploy')).toEqual([
      'deploy',
      `…${deploy.secret.slice(-4)}`,
      'Org Connections Read and Teams Manage',
      expect.stringMatching(/^just now, /),
      'Never',
    ]);
    expect((await rowOf('Application keys', 'cli'))[2]).toBe('All permissions');
    expect(await rowOf('API keys', 'intake')).toEqual([
      'intake',
      `…${intake.secret.slice(-4)}`,
      'Alex Admin',
      expect.stringMatching(/^just now, /),
      expect.stringMatching(/^3 hours ago, /),
    ]);
    expect((await rowOf('API keys', 'ci'))[2]).toBe('Operator of this console');
    expect(document.title).toBe('Keys · Acme Production');
  });

  it('lists more keys than fit on one API page', async () => {
    await sql`insert into api_key (account_id, org_id, name, hash, last4)
      select account_id, id, 'filler ' || n, 'filler ' || n, 'fill' from org, generate_series(1, 230) n
      where id = ${ORG.production}::uuid`.execute(app.database.db);
    await openPage(app, PAGE, { as: EMAIL.admin });
    await within(await tableOf('API keys')).findByText('filler 1');
    expect(within(await tableOf('API keys')).getAllByRole('row')).toHaveLength(232);
  });

  it.each([
    ['a member', EMAIL.member],
    ['a reader', EMAIL.reader],
  ])('shows %s the missing permissions, and sends no request', async (_, email) => {
    const { network } = await openPage(app, PAGE, { as: email });
    await screen.findByText(/You need the User App Keys permission/);
    expect(screen.getByText(/You need the API Keys Write permission/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^New/ })).toBeNull();
    expect(network.requests.filter((request) => request.includes('keys'))).toEqual([]);
  });

  it('opens no dialog without permission or for an unknown path', async () => {
    await openPage(app, `${PAGE}/api-keys/new`, { as: EMAIL.reader });
    await screen.findByRole('heading', { name: 'Keys' });
    await waitFor(() => expect(currentAddress()).toBe(PAGE));
    expect(screen.queryByRole('dialog')).toBeNull();
    await openPage(app, `${PAGE}/nothing`, { as: EMAIL.admin });
    await waitFor(() => expect(currentAddress()).toBe(PAGE));
  });

  it('shows that there are no keys yet', async () => {
    await app.database.db.deleteFrom('api_key').execute();
    await openPage(app, PAGE, { as: EMAIL.admin });
    expect(await screen.findByText('No API keys yet.')).toBeTruthy();
    expect(await tableOf('Application keys')).toBeTruthy();
  });

  it('shows a loading error, and retries', async () => {
    const { user, network } = await openPage(app, PAGE, {
      as: EMAIL.admin,
      network: (line) => line.cut(API_KEYS),
    });
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toMatch(/The API keys could not be loaded.*The server cannot be reached/);
    expect(await rowOf('Application keys', 'cli')).toBeTruthy();

    network.mend();
    await user.click(within(alert).getByRole('button', { name: 'Retry' }));
    expect(await rowOf('API keys', 'ci')).toBeTruthy();
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Keys'));
  });

  it('keeps its keys when they cannot be refreshed', async () => {
    const { network } = await openPage(app, PAGE, { as: EMAIL.admin });
    await rowOf('API keys', 'ci');
    network.cut(API_KEYS);
    comeBackToTab();
    await screen.findByText(/The list could not be refreshed and may be out of date/);
    expect(await rowOf('API keys', 'ci')).toBeTruthy();
  });

  it('shows a key that another user created', async () => {
    await openPage(app, PAGE, { as: EMAIL.admin });
    await rowOf('API keys', 'ci');
    await createKey(API_KEYS, { name: 'intake' });
    comeBackToTab();
    await rowOf('API keys', 'intake');
  });
});

describe('The settings navigation', () => {
  it('links to the pages, and marks the current one', async () => {
    const { user } = await openPage(app, '/', { as: EMAIL.admin });
    const navigation = await screen.findByRole('navigation', { name: 'Organization settings' });
    const open = () => navigation.querySelector('[aria-current="page"]')?.textContent;
    await waitFor(() => expect(open()).toBe('Cross-Org Visibility'));
    await user.click(within(navigation).getByRole('link', { name: 'Keys' }));
    await screen.findByRole('heading', { name: 'Keys' });
    expect(open()).toBe('Keys');
    await user.click(within(navigation).getByRole('link', { name: 'Cross-Org Visibility' }));
    await screen.findByRole('heading', { name: 'Cross-Org Visibility' });
  });

  it('stays on the same page in another organization', async () => {
    const { user } = await openPage(app, PAGE, { as: EMAIL.sam });
    await user.click(await screen.findByRole('button', { name: 'Organization: Acme Production' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Acme Staging' }));
    await screen.findByRole('button', { name: 'New API Key' });
    expect(currentAddress()).toBe(`/orgs/${ORG.staging}/settings/keys`);
  });
});

describe('New key', () => {
  it.each([
    ['Application', APPLICATION_KEYS, 'DD-APPLICATION-KEY', 'Application keys'],
    ['API', API_KEYS, 'DD-API-KEY', 'API keys'],
  ] as const)('of the kind %s is shown once, and works', async (kind, path, header, table) => {
    const { user } = await openPage(app, PAGE, { as: EMAIL.admin });
    await createOnPage(user, kind, 'deploy');

    const dialog = await screen.findByRole('dialog', { name: `${kind} Key Created` });
    const secret = within(dialog).getByRole<HTMLInputElement>('textbox', { name: `${kind} key deploy` });
    expect(secret.value).toMatch(/^[0-9a-f]{32}$/);
    expect(within(dialog).getByText('Copy it now: this key will not be shown again.')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(secret));
    expect(secret.selectionEnd).toBe(32);
    const headers = { ...adminKeys('production'), [header]: secret.value };
    expect(await app.call('GET', '/api/v2/org', headers)).toMatchObject({ status: 200 });
    expect(await keys(path)).toMatchObject({ deploy: null });

    await user.click(screen.getByRole('button', { name: 'Done' }));
    await dialogIsClosed();
    expect(document.body.textContent).not.toContain(secret.value);
    expect((await rowOf(table, 'deploy'))[1]).toBe(`…${secret.value.slice(-4)}`);
    expect(currentAddress()).toBe(PAGE);
    await waitFor(() => expect(document.activeElement?.textContent).toBe(`New ${kind} Key`));
  });

  it('stays on screen on Esc', async () => {
    const { user } = await openPage(app, PAGE, { as: EMAIL.admin });
    await createOnPage(user, 'API', 'deploy');
    const secret = await screen.findByRole('textbox', { name: 'API key deploy' });
    await user.keyboard('{Escape}');
    expect(secret.isConnected).toBe(true);
    expect(screen.queryByRole('button', { name: 'Close' })).toBeNull();
    expect(currentAddress()).toBe(`${PAGE}/api-keys/new`);
  });

  it('is copied with feedback', async () => {
    const { user } = await openPage(app, PAGE, { as: EMAIL.admin });
    await createOnPage(user, 'API', 'deploy');
    const secret = await screen.findByRole<HTMLInputElement>('textbox', { name: 'API key deploy' });
    await user.click(screen.getByRole('button', { name: 'Copy' }));
    expect(await screen.findByRole('button', { name: 'Copied' })).toBeTruthy();
    expect(await navigator.clipboard.readText()).toBe(secret.value);
  });

  it('is selected where the browser does not allow copying', async () => {
    const { user } = await openPage(app, PAGE, { as: EMAIL.admin });
    await createOnPage(user, 'API', 'deploy');
    const secret = await screen.findByRole<HTMLInputElement>('textbox', { name: 'API key deploy' });
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new DOMException('denied'));
    await user.click(screen.getByRole('button', { name: 'Copy' }));
    expect(await screen.findByText(/The text is selected: copy it yourself/)).toBeTruthy();
    expect(document.activeElement).toBe(secret);
    expect([secret.selectionStart, secret.selectionEnd]).toEqual([0, 32]);
  });

  it("gets scopes from the user's permissions, and explains no scopes", async () => {
    const { user } = await openPage(app, `${PAGE}/application-keys/new`, { as: EMAIL.admin });
    await user.type(await screen.findByRole('textbox', { name: 'Name' }), 'connections');
    expect(screen.getByText(/No scopes selected: the key has all your current/)).toBeTruthy();
    const group = screen.getByRole('group', { name: 'Access Management' });
    await user.click(within(group).getByRole('checkbox', { name: 'Org Connections Read' }));
    expect(screen.getByText(/The key has 1 permission, /)).toBeTruthy();
    await user.click(screen.getByRole('checkbox', { name: 'Teams Manage' }));
    await user.click(within(group).getByRole('checkbox', { name: 'User Access Manage' }));
    await user.click(within(group).getByRole('checkbox', { name: 'User Access Manage' }));
    await user.click(screen.getByRole('button', { name: 'Create' }));
    await screen.findByRole('button', { name: 'Done' });
    expect(await keys(APPLICATION_KEYS)).toMatchObject({
      connections: ['org_connections_read', 'teams_manage'],
    });
  });

  it('needs a name', async () => {
    const { user, network } = await openPage(app, `${PAGE}/api-keys/new`, { as: EMAIL.admin });
    const field = await screen.findByRole('textbox', { name: 'Name' });
    await user.type(field, '  ');
    await user.click(screen.getByRole('button', { name: 'Create' }));
    expect(screen.getByText('Enter a name.')).toBeTruthy();
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(document.activeElement).toBe(field);
    expect(network.requests).not.toContain(`POST ${API_KEYS}`);
  });

  it('asks before input is lost, and only then', async () => {
    const { user } = await openPage(app, `${PAGE}/application-keys/new`, { as: EMAIL.admin });
    await user.click(await screen.findByRole('checkbox', { name: 'Teams Manage' }));
    await user.keyboard('{Escape}');
    await user.click(await screen.findByRole('button', { name: 'Keep editing' }));
    await user.click(screen.getByRole('checkbox', { name: 'Teams Manage' }));
    await user.keyboard('{Escape}');
    await dialogIsClosed();

    await user.click(screen.getByRole('button', { name: 'New API Key' }));
    await user.type(await screen.findByRole('textbox', { name: 'Name' }), 'deploy');
    await user.keyboard('{Escape}');
    await user.click(await screen.findByRole('button', { name: 'Discard changes' }));
    await dialogIsClosed();
    expect(await keys(API_KEYS)).not.toHaveProperty('deploy');
  });

  it('keeps the input when it fails, with the reason', async () => {
    const { user, network } = await openPage(app, PAGE, { as: EMAIL.admin });
    await rowOf('API keys', 'ci');
    network.cut(API_KEYS);
    await createOnPage(user, 'API', 'deploy');
    const dialog = screen.getByRole('dialog');
    expect((await within(dialog).findByRole('alert')).textContent).toMatch('The server cannot be reached');
    expect(within(dialog).getByRole<HTMLInputElement>('textbox', { name: 'Name' }).value).toBe('deploy');

    network.mend();
    await user.click(screen.getByRole('button', { name: 'Create' }));
    await screen.findByRole('button', { name: 'Done' });
  });

  it('is sent once, and if its dialog is left, a toast says to create another', async () => {
    const { user, network } = await openPage(app, PAGE, { as: EMAIL.admin });
    await user.click(await screen.findByRole('button', { name: 'New API Key' }));
    await user.type(await screen.findByRole('textbox', { name: 'Name' }), 'deploy');
    const release = network.hold(API_KEYS);
    await user.dblClick(screen.getByRole('button', { name: 'Create' }));
    await user.keyboard('{Escape}');
    expect(screen.getByRole('dialog')).toBeTruthy();
    window.history.back();
    await dialogIsClosed();
    release();
    await screen.findByText(/deploy was created, but its dialog was closed before the key was shown/);
    expect(network.requests.filter((request) => request === `POST ${API_KEYS}`)).toHaveLength(1);
  });

  it('is created with the keyboard alone', async () => {
    const { user } = await openPage(app, `${PAGE}/application-keys/new`, { as: EMAIL.admin });
    const name = await screen.findByRole('textbox', { name: 'Name' });
    await waitFor(() => expect(document.activeElement).toBe(name));
    await user.keyboard('deploy{Tab} {Enter}');
    const secret = await screen.findByRole('textbox', { name: 'Application key deploy' });
    await waitFor(() => expect(document.activeElement).toBe(secret));
    await user.keyboard('{Tab}{Tab}{Enter}');
    await dialogIsClosed();
    expect(await keys(APPLICATION_KEYS)).toMatchObject({ deploy: ['org_connections_read'] });
  });
});

describe('Edit', () => {
  it('shows a loading error, and retries', async () => {
    const { id } = await createKey(API_KEYS, { name: 'deploy' });
    const { user, network } = await openPage(app, `${PAGE}/api-keys/${id}/edit`, {
      as: EMAIL.admin,
      network: (line) => line.cut(API_KEYS),
    });
    await waitFor(() =>
      expect(screen.getByRole('dialog').textContent).toContain('The server cannot be reached'),
    );
    const retry = within(screen.getByRole('dialog')).getByRole('button', { name: 'Retry' });
    network.mend();
    await user.click(retry);
    await screen.findByRole('textbox', { name: 'Name' });
  });

  it('changes the name and the scopes', async () => {
    await createKey(APPLICATION_KEYS, { name: 'deploy', scopes: ['org_connections_read'] });
    const { user } = await openPage(app, PAGE, { as: EMAIL.admin });
    await user.click(await screen.findByRole('link', { name: 'Edit application key deploy' }));
    const name = await screen.findByRole('textbox', { name: 'Name' });
    const save = screen.getByRole<HTMLButtonElement>('button', { name: 'Save' });
    expect(document.title).toBe('Edit Application Key · Keys · Acme Production');
    expect(save.disabled).toBe(true);
    await user.clear(name);
    expect(save.disabled).toBe(true);
    await user.type(name, 'release');
    await user.click(screen.getByRole('checkbox', { name: 'Org Connections Read' }));
    await user.click(screen.getByRole('checkbox', { name: 'Teams Manage' }));
    await user.click(save);

    await dialogIsClosed();
    expect((await rowOf('Application keys', 'release'))[2]).toBe('Teams Manage');
    expect(screen.getByText('The application key release was saved.')).toBeTruthy();
    expect(await keys(APPLICATION_KEYS)).toMatchObject({ release: ['teams_manage'] });
    await waitFor(() =>
      expect(document.activeElement?.getAttribute('aria-label')).toBe('Edit application key release'),
    );
  });

  it('asks before a change is lost', async () => {
    const { user } = await openPage(app, PAGE, { as: EMAIL.admin });
    await user.click(await screen.findByRole('link', { name: 'Rename API key ci' }));
    await user.type(await screen.findByRole('textbox', { name: 'Name' }), ' 2');
    await user.keyboard('{Escape}');
    await user.click(await screen.findByRole('button', { name: 'Discard changes' }));
    await dialogIsClosed();
    expect(await keys(API_KEYS)).toHaveProperty('ci');
  });

  it("keeps another user's change of other fields", async () => {
    const { id } = await createKey(APPLICATION_KEYS, { name: 'deploy', scopes: ['org_connections_read'] });
    const { user } = await openPage(app, `${PAGE}/application-keys/${id}/edit`, { as: EMAIL.admin });
    await user.type(await screen.findByRole('textbox', { name: 'Name' }), 'ment');
    await app.call('PATCH', `${APPLICATION_KEYS}/${id}`, adminKeys('production'), {
      data: { type: 'application_keys', id, attributes: { scopes: ['teams_manage'] } },
    });
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await dialogIsClosed();
    expect(await keys(APPLICATION_KEYS)).toMatchObject({ deployment: ['teams_manage'] });
  });

  it('shows scopes that the user does not have', async () => {
    const { id } = await createKey(APPLICATION_KEYS, { name: 'deploy', scopes: ['teams_manage'] });
    const { db } = app.database;
    await db.deleteFrom('role_permission').where('permission', '=', 'teams_manage').execute();
    await openPage(app, `${PAGE}/application-keys/${id}/edit`, { as: EMAIL.admin });
    const box = await screen.findByRole<HTMLInputElement>('checkbox', {
      name: 'Teams Manage (you don’t have it)',
    });
    expect(box.checked).toBe(true);
    await sql`delete from directory_grant where subject like 'role_permission:%'`.execute(db);
    await applyDirectory({ db, log }, TEST_DIRECTORY);
  });

  it('renames an API key, which has no scopes', async () => {
    const { user } = await openPage(app, PAGE, { as: EMAIL.admin });
    await user.click(await screen.findByRole('link', { name: 'Rename API key ci' }));
    const name = await screen.findByRole('textbox', { name: 'Name' });
    expect(screen.getByRole('dialog', { name: 'Rename API Key' })).toBeTruthy();
    expect(screen.queryByRole('checkbox')).toBeNull();
    await user.type(name, ' of tests{Enter}');
    await dialogIsClosed();
    expect(await keys(API_KEYS)).toHaveProperty(['ci of tests']);
  });

  it('keeps the input when it fails', async () => {
    const { user, network } = await openPage(app, PAGE, { as: EMAIL.admin });
    await user.click(await screen.findByRole('link', { name: 'Rename API key ci' }));
    const name = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Name' });
    await user.type(name, '2');
    network.cut();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect((await within(screen.getByRole('dialog')).findByRole('alert')).textContent).toMatch(
      'The server cannot be reached',
    );
    expect(name.value).toBe('ci2');
  });

  it('shows that the key is gone', async () => {
    await openPage(app, `${PAGE}/api-keys/${GONE}/edit`, { as: EMAIL.admin });
    expect(await screen.findByText(/This key no longer exists/)).toBeTruthy();
  });
});

describe('Revoke', () => {
  it('asks, explains the consequence, and revokes', async () => {
    const { secret } = await createKey(APPLICATION_KEYS, { name: 'deploy' });
    const { user } = await openPage(app, PAGE, { as: EMAIL.admin });
    await user.click(await screen.findByRole('link', { name: 'Revoke application key deploy' }));
    const dialog = await screen.findByRole('alertdialog', { name: 'Revoke this application key?' });
    expect(dialog.textContent).toContain(`deploy …${secret.slice(-4)}`);
    expect(dialog.textContent).toContain('It has never been used.');
    expect(dialog.textContent).toContain('Programs using this key will stop working immediately.');
    expect(document.activeElement?.textContent).toBe('Cancel');

    await user.click(within(dialog).getByRole('button', { name: 'Revoke' }));
    await dialogIsClosed();
    expect(screen.getByText('The application key deploy was revoked.')).toBeTruthy();
    expect(within(await tableOf('Application keys')).queryByText('deploy')).toBeNull();
    const headers = { ...adminKeys('production'), 'DD-APPLICATION-KEY': secret };
    expect(await app.call('GET', '/api/v2/org', headers)).toMatchObject({ status: 401 });
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Keys'));
  });

  it('keeps the key on Cancel and on Back', async () => {
    const { user } = await openPage(app, PAGE, { as: EMAIL.admin });
    const opener = await screen.findByRole('link', { name: 'Revoke API key ci' });
    await user.click(opener);
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    await dialogIsClosed();
    await waitFor(() => expect(document.activeElement).toBe(opener));
    await user.click(opener);
    await screen.findByRole('alertdialog');
    window.history.back();
    await dialogIsClosed();
    expect(currentAddress()).toBe(PAGE);
    expect(await keys(API_KEYS)).toHaveProperty('ci');
  });

  it('shows that another user revoked the key', async () => {
    const { id } = await createKey(API_KEYS, { name: 'deploy' });
    const { user } = await openPage(app, `${PAGE}/api-keys/${id}/revoke`, { as: EMAIL.admin });
    const button = await screen.findByRole('button', { name: 'Revoke' });
    await app.call('DELETE', `${API_KEYS}/${id}`, adminKeys('production'));
    await user.click(button);
    expect(await screen.findByText(/This key no longer exists/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Back to the list' }));
    await dialogIsClosed();
    expect(currentAddress()).toBe(PAGE);
  });
});
