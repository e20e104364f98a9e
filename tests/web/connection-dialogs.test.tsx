import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { adminKeys, EMAIL, ORG, securityKeys } from '../support/account.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { openTestDatabase } from '../support/databases.ts';
import { comeBackToTab, currentAddress, openPage } from '../support/render-page.tsx';

const PATH = '/api/v2/org_connections';
const LIST = `/orgs/${ORG.production}/settings/cross-org-visibility`;
const GONE = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb';

let app: TestApp;
beforeAll(async () => {
  app = await startApp(await openTestDatabase({ thread: 'main' }));
});
afterAll(() => app.database.close());
beforeEach(async () => {
  await app.database.db.deleteFrom('org_connection').execute();
});

/** What the API says that Acme Production's connections share. */
async function sharedTypes(): Promise<string[][]> {
  const { body } = await app.call('GET', PATH, adminKeys('production'));
  const { data } = body as {
    data: { attributes: { connection_types: string[]; extensions: { connection_types: string[] } } }[];
  };
  return data.map(({ attributes }) => [
    ...attributes.connection_types,
    ...attributes.extensions.connection_types,
  ]);
}

async function choose(user: UserEvent, name: string) {
  await user.click(await screen.findByRole('combobox', { name: 'Destination organization' }));
  await user.type(screen.getByRole('combobox', { name: 'Search organizations' }), name);
  await user.click(screen.getByRole('option', { name: new RegExp(name) }));
}

function checkedTypes(): (string | null | undefined)[] {
  return screen
    .getAllByRole<HTMLInputElement>('checkbox')
    .filter((box) => box.checked)
    .map((box) => box.closest('label')?.textContent);
}

function dialogIsClosed() {
  return waitFor(() => {
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });
}

describe('New Connection', () => {
  it('connects to another organization', async () => {
    const { user } = await openPage(app, `${LIST}?show=shared-by`, { as: EMAIL.admin });
    await user.click(await screen.findByRole('button', { name: 'New Connection' }));

    await screen.findByRole('heading', { name: 'New Connection' });
    expect(currentAddress()).toBe(`${LIST}/new?show=shared-by`);
    expect(document.title).toBe('New Connection · Cross-Org Visibility · Acme Production');
    await choose(user, 'Acme Staging');
    expect(checkedTypes()).toEqual(['Metrics']);
    await user.click(screen.getByRole('checkbox', { name: 'Logs' }));
    await user.click(screen.getByRole('checkbox', { name: 'Tests' }));
    await user.click(screen.getByRole('button', { name: 'Connect' }));

    await dialogIsClosed();
    expect(screen.getByRole('link', { name: 'Edit connection to Acme Staging' })).toBeTruthy();
    expect(
      screen.getByText('Acme Production now shares Metrics, Logs, and Tests with Acme Staging.'),
    ).toBeTruthy();
    expect(currentAddress()).toBe(`${LIST}?show=shared-by`);
    expect(await sharedTypes()).toEqual([['metrics', 'logs', 'ci_tests']]);
    await waitFor(() => expect(document.activeElement?.textContent).toBe('New Connection'));
  });

  it('lists unavailable organizations with the reason, and does not select them', async () => {
    await app.connect('production', 'staging');
    const { user } = await openPage(app, `${LIST}/new`, { as: EMAIL.admin });
    const destination = await screen.findByRole('combobox', { name: 'Destination organization' });
    await user.click(destination);

    const options = screen.getAllByRole('option').map((option) => ({
      text: option.textContent,
      disabled: option.getAttribute('aria-disabled') === 'true',
    }));
    expect(options).toEqual([
      { text: 'Acme Data', disabled: false },
      { text: 'Acme EuropeOn another site (eu1)', disabled: true },
      { text: 'Acme Health', disabled: false },
      { text: 'Acme LabsCross-Org Visibility is off there', disabled: true },
      { text: 'Acme Payments', disabled: false },
      { text: 'Acme Sandbox', disabled: false },
      { text: 'Acme Security', disabled: false },
      { text: 'Acme StagingAlready connected', disabled: true },
    ]);

    await user.keyboard('europe{Enter}');
    expect(destination.textContent).toBe('Choose an organization');
    await user.clear(screen.getByRole('combobox', { name: 'Search organizations' }));
    await user.keyboard('globex');
    expect(screen.getByText('No organization of this account has that name.')).toBeTruthy();
  });

  it('works with the keyboard alone', async () => {
    const { user } = await openPage(app, `${LIST}/new`, { as: EMAIL.admin });
    const destination = await screen.findByRole('combobox', { name: 'Destination organization' });
    await waitFor(() => expect(document.activeElement).toBe(destination));

    await user.keyboard('{ArrowDown}');
    await screen.findByRole('listbox');
    await user.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    await waitFor(() => expect(document.activeElement).toBe(destination));
    expect(destination.textContent).toBe('Acme Health');
    await user.keyboard('{Tab} {Tab} {Enter}');

    await dialogIsClosed();
    expect(await sharedTypes()).toEqual([['logs']]);
  });

  it('shows which fields are missing', async () => {
    const { user } = await openPage(app, `${LIST}/new`, { as: EMAIL.admin });
    await user.click(await screen.findByRole('checkbox', { name: 'Metrics' }));
    await user.click(screen.getByRole('button', { name: 'Connect' }));

    expect(screen.getByText('Choose a destination organization.')).toBeTruthy();
    expect(screen.getByText('Choose at least one data type.')).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByRole('combobox', { name: 'Destination organization' }));

    await choose(user, 'Acme Staging');
    await user.click(screen.getByRole('button', { name: 'Connect' }));
    expect(document.activeElement).toBe(screen.getAllByRole('checkbox')[0]);
    expect(await sharedTypes()).toEqual([]);
  });

  it('asks before input is lost, and only then', async () => {
    const { user } = await openPage(app, `${LIST}/new`, { as: EMAIL.admin });
    await user.click(await screen.findByRole('checkbox', { name: 'Logs' }));
    await user.keyboard('{Escape}');
    const question = await screen.findByRole('alertdialog', { name: 'Discard unsaved changes?' });
    await user.click(within(question).getByRole('button', { name: 'Keep editing' }));
    await user.click(screen.getByRole('checkbox', { name: 'Logs' }));
    await user.keyboard('{Escape}');
    await dialogIsClosed();

    await user.click(screen.getByRole('button', { name: 'New Connection' }));
    await choose(user, 'Acme Staging');
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await user.click(await screen.findByRole('button', { name: 'Discard changes' }));
    await dialogIsClosed();
    expect(await sharedTypes()).toEqual([]);
  });

  it('shows how many destinations are used, and what the destination may do with the data', async () => {
    await app.connect('production', 'staging');
    await openPage(app, `${LIST}/new`, { as: EMAIL.admin });
    expect(await screen.findByText('1 of 5 destinations used')).toBeTruthy();
    expect(
      screen.getByText(/Shared data follows the destination’s settings.*public dashboards/),
    ).toBeTruthy();
    expect(screen.queryByText(/HIPAA/)).toBeNull();
  });

  it('offers only types that the user may read, and names the permission for the others', async () => {
    const { user } = await openPage(app, `/orgs/${ORG.security}/settings/cross-org-visibility/new`, {
      as: EMAIL.editor,
    });
    const logs = await screen.findByRole<HTMLInputElement>('checkbox', { name: 'Logs' });
    const reason = screen.getByText(/^To share Logs, you need the Logs Read Index Data permission/);
    expect(logs.getAttribute('aria-describedby')).toBe(reason.id);
    await user.click(logs);
    expect(logs.checked).toBe(false);
    expect(screen.getByRole('checkbox', { name: 'Metrics' }).getAttribute('aria-disabled')).toBeNull();
    expect(checkedTypes()).toEqual(['Metrics']);
  });

  it('warns in a HIPAA organization', async () => {
    await openPage(app, `/orgs/${ORG.health}/settings/cross-org-visibility/new`, { as: EMAIL.health });
    expect(await screen.findByText(/may share protected health information/)).toBeTruthy();
  });

  it('shows that all destinations are used', async () => {
    for (const sink of ['staging', 'security', 'payments', 'health', 'data'] as const)
      await app.connect('production', sink);
    const { user, network } = await openPage(app, `${LIST}/new`, { as: EMAIL.admin });
    await screen.findByText('5 of 5 destinations used');
    const button = screen.getByRole('button', { name: 'Connect' });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    expect(screen.getByText(/already shares with the maximum of 5 organizations/)).toBeTruthy();

    await choose(user, 'Acme Sandbox');
    await user.click(button);
    expect(network.requests.filter((request) => request === `POST ${PATH}`)).toEqual([]);
  });

  it('shows why it failed, and keeps the input', async () => {
    const { user } = await openPage(app, `${LIST}/new`, { as: EMAIL.admin });
    await choose(user, 'Acme Staging');
    await user.click(screen.getByRole('checkbox', { name: 'Logs' }));
    await app.connect('production', 'staging');
    await user.click(screen.getByRole('button', { name: 'Connect' }));

    const dialog = screen.getByRole('dialog');
    expect((await within(dialog).findByRole('alert')).textContent).toBe(
      'Your organization already shares with this destination. Edit that connection instead.',
    );
    expect(screen.getByRole('combobox', { name: 'Destination organization' }).textContent).toBe(
      'Acme Staging',
    );
    expect(checkedTypes()).toEqual(['Metrics', 'Logs']);
  });

  it('shows at the top why nothing can be connected', async () => {
    await openPage(app, `/orgs/${ORG.labs}/settings/cross-org-visibility/new`, { as: EMAIL.admin });
    const reason = await screen.findByText(/^Cross-Org Visibility is off in Acme Labs/);
    const destination = screen.getByRole('combobox', { name: 'Destination organization' });
    expect(reason.compareDocumentPosition(destination)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  });

  it('shows a loading error, and retries', async () => {
    let isAway = true;
    const { user } = await openPage(app, `${LIST}/new`, {
      as: EMAIL.admin,
      // That path alone: the one of the list begins with it.
      network: (network) =>
        vi.stubGlobal('fetch', (path: string, init: RequestInit) =>
          isAway && path === '/api/v2/org'
            ? Promise.reject(new TypeError('fetch failed'))
            : network.fetch(path, init),
        ),
    });
    await screen.findByText(/The server cannot be reached/);

    isAway = false;
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    expect(await screen.findByRole('combobox', { name: 'Destination organization' })).toBeTruthy();
  });

  it('is sent once, and shows that it is pending', async () => {
    const { user, network } = await openPage(app, `${LIST}/new`, { as: EMAIL.admin });
    await choose(user, 'Acme Staging');
    const release = network.hold(PATH);
    const button = screen.getByRole('button', { name: 'Connect' });
    await user.dblClick(button);
    await user.keyboard('{Escape}');
    expect(button.getAttribute('aria-disabled')).toBe('true');

    release();
    await dialogIsClosed();
    expect(network.requests.filter((request) => request === `POST ${PATH}`)).toHaveLength(1);
  });
});

describe('Edit Connection', () => {
  it('keeps types that the user may not read, and does not offer others', async () => {
    const id = await app.connect('security', 'data', { connection_types: ['metrics', 'logs'] });
    const { user } = await openPage(app, `/orgs/${ORG.security}/settings/cross-org-visibility/${id}/edit`, {
      as: EMAIL.editor,
    });
    const logs = await screen.findByRole<HTMLInputElement>('checkbox', { name: 'Logs' });
    await user.click(logs);
    expect(logs.checked).toBe(false);
    await user.click(logs);
    expect(logs.checked).toBe(true);
    await user.click(screen.getByRole('checkbox', { name: 'Audit Trail' }));
    expect(checkedTypes()).toEqual(['Metrics', 'Logs']);
    await user.click(screen.getByRole('checkbox', { name: 'Metrics' }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await dialogIsClosed();
    const { body } = await app.call('GET', `${PATH}/${id}`, securityKeys('editor'));
    expect(body).toMatchObject({ data: { attributes: { connection_types: ['logs'] } } });
  });

  it('shows which types cannot be queried because of the creator', async () => {
    const id = await app.connect('production', 'staging', { connection_types: ['metrics', 'logs'] });
    await app.database.db
      .updateTable('org_connection')
      .set({ created_by: (eb) => eb.selectFrom('user').select('id').where('email', '=', EMAIL.reader) })
      .where('id', '=', id)
      .execute();
    await openPage(app, `${LIST}/${id}/edit`, { as: EMAIL.admin });
    const logs = await screen.findByRole<HTMLInputElement>('checkbox', { name: 'Logs' });
    const hint = document.getElementById(logs.getAttribute('aria-describedby') ?? '');
    expect(hint?.textContent).toContain(
      'Ravi Reader, who created this connection, no longer has the Logs Read Index Data permission',
    );
  });

  it('changes the data types', async () => {
    await app.connect('production', 'staging', {
      connection_types: ['metrics'],
      extensions: { connection_types: ['ci_tests'] },
    });
    const { user } = await openPage(app, LIST, { as: EMAIL.admin });
    await user.click(await screen.findByRole('link', { name: 'Edit connection to Acme Staging' }));

    await screen.findByRole('heading', { name: 'Edit Connection' });
    expect(checkedTypes()).toEqual(['Metrics', 'Tests']);
    const save = screen.getByRole<HTMLButtonElement>('button', { name: 'Save' });
    expect(save.disabled).toBe(true);
    await user.click(screen.getByRole('checkbox', { name: 'Logs' }));
    expect(save.disabled).toBe(false);
    await user.click(screen.getByRole('checkbox', { name: 'Tests' }));
    await user.click(save);

    await dialogIsClosed();
    expect(screen.getByText('The connection to Acme Staging now shares Metrics and Logs.')).toBeTruthy();
    expect(await sharedTypes()).toEqual([['metrics', 'logs']]);
    expect(currentAddress()).toBe(LIST);
    await waitFor(() =>
      expect(document.activeElement?.getAttribute('aria-label')).toBe('Edit connection to Acme Staging'),
    );
  });

  it('needs a change and at least one data type', async () => {
    const id = await app.connect('production', 'staging');
    const { user } = await openPage(app, `${LIST}/${id}/edit`, { as: EMAIL.admin });
    const metrics = await screen.findByRole('checkbox', { name: 'Metrics' });
    const save = screen.getByRole<HTMLButtonElement>('button', { name: 'Save' });

    await user.click(metrics);
    expect(save.disabled).toBe(true);
    expect(screen.getByText(/Choose at least one data type/)).toBeTruthy();
    await user.click(metrics);
    expect(save.disabled).toBe(true);
  });

  it('asks before a change is lost', async () => {
    const id = await app.connect('production', 'staging');
    const { user } = await openPage(app, `${LIST}/${id}/edit`, { as: EMAIL.admin });
    await user.click(await screen.findByRole('checkbox', { name: 'Logs' }));
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await user.click(await screen.findByRole('button', { name: 'Discard changes' }));
    await dialogIsClosed();
    expect(await sharedTypes()).toEqual([['metrics']]);
  });

  it("shows another user's change of the same connection", async () => {
    const id = await app.connect('production', 'staging');
    const { user } = await openPage(app, `${LIST}/${id}/edit`, { as: EMAIL.admin });
    await user.click(await screen.findByRole('checkbox', { name: 'Logs' }));

    await app.call('PATCH', `${PATH}/${id}`, adminKeys('production'), {
      data: { type: 'org_connection', id, attributes: { connection_types: ['audit'] } },
    });
    comeBackToTab();

    await screen.findByText('This connection changed while you were editing. It now shares Audit Trail.');
    expect(checkedTypes()).toEqual(['Metrics', 'Logs']);
  });

  it("does not overwrite another user's change before it was shown", async () => {
    const id = await app.connect('production', 'staging');
    const { user, network } = await openPage(app, `${LIST}/${id}/edit`, { as: EMAIL.admin });
    await user.click(await screen.findByRole('checkbox', { name: 'Logs' }));
    await app.call('PATCH', `${PATH}/${id}`, adminKeys('production'), {
      data: { type: 'org_connection', id, attributes: { connection_types: ['audit'] } },
    });
    await user.click(screen.getByRole('button', { name: 'Save' }));

    await screen.findByText('This connection changed while you were editing. It now shares Audit Trail.');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(network.requests.filter((request) => request.startsWith('PATCH'))).toEqual([]);
    expect(await sharedTypes()).toEqual([['audit']]);
    expect(checkedTypes()).toEqual(['Metrics', 'Logs']);

    await user.click(screen.getByRole('button', { name: 'Save' }));
    await dialogIsClosed();
    expect(await sharedTypes()).toEqual([['metrics', 'logs']]);
  });

  it('shows an error inside, and keeps the input', async () => {
    const id = await app.connect('production', 'staging');
    const { user, network } = await openPage(app, `${LIST}/${id}/edit`, { as: EMAIL.admin });
    await user.click(await screen.findByRole('checkbox', { name: 'Logs' }));
    network.cut();
    await user.click(screen.getByRole('button', { name: 'Save' }));

    const alert = await within(screen.getByRole('dialog')).findByRole('alert');
    expect(alert.textContent).toMatch('The server cannot be reached');
    expect(checkedTypes()).toEqual(['Metrics', 'Logs']);

    network.mend();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await dialogIsClosed();
    expect(await sharedTypes()).toEqual([['metrics', 'logs']]);
  });

  it('shows that the connection is gone, and refreshes the list', async () => {
    const id = await app.connect('production', 'staging');
    const { user } = await openPage(app, `${LIST}/${id}/edit`, { as: EMAIL.admin });
    await user.click(await screen.findByRole('checkbox', { name: 'Logs' }));
    await app.call('DELETE', `${PATH}/${id}`, adminKeys('staging'));
    await user.click(screen.getByRole('button', { name: 'Save' }));

    await screen.findByText(/no longer exists/);
    expect(screen.queryByRole('checkbox')).toBeNull();
    await user.keyboard('{Escape}');
    await dialogIsClosed();
    await screen.findByRole('heading', { name: 'No connections yet' });
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Cross-Org Visibility'));
  });

  it('shows that a linked connection does not exist', async () => {
    await openPage(app, `${LIST}/${GONE}/edit`, { as: EMAIL.admin });
    expect(await screen.findByText(/This connection no longer exists/)).toBeTruthy();
  });

  it('is read-only for the destination', async () => {
    const id = await app.connect('staging', 'production');
    await openPage(app, `${LIST}/${id}/edit`, { as: EMAIL.admin });
    expect(await screen.findByText('Only Acme Staging can change what it shares.')).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(true);
  });
});

it('sends a change once for a double click', async () => {
  await app.connect('production', 'staging');
  const { user, network } = await openPage(app, LIST, { as: EMAIL.admin });
  await user.click(await screen.findByRole('link', { name: /^Delete/ }));
  const button = await screen.findByRole('button', { name: 'Delete' });
  act(() => {
    fireEvent.click(button);
    fireEvent.click(button);
  });
  await dialogIsClosed();
  expect(network.requests.filter((request) => request.startsWith('DELETE'))).toHaveLength(1);
});

describe('Delete', () => {
  it('asks, explains the consequence, and deletes', async () => {
    await app.connect('production', 'staging', { connection_types: ['metrics', 'logs'] });
    const { user } = await openPage(app, LIST, { as: EMAIL.admin });
    await user.click(await screen.findByRole('link', { name: 'Delete connection to Acme Staging' }));

    const dialog = await screen.findByRole('alertdialog', { name: 'Are you sure?' });
    expect(dialog.textContent).toContain(
      'Acme Staging will no longer be able to query Metrics and Logs of Acme Production',
    );
    expect(dialog.textContent).toContain('No data is deleted; it stays in Acme Production.');
    expect(document.activeElement?.textContent).toBe('Cancel');
    await user.click(screen.getByRole('button', { name: 'Delete' }));

    await dialogIsClosed();
    await screen.findByRole('heading', { name: 'No connections yet' });
    expect(screen.getByText('The connection to Acme Staging was deleted.')).toBeTruthy();
    expect(await sharedTypes()).toEqual([]);
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Cross-Org Visibility'));
  });

  it('is possible for the destination', async () => {
    await app.connect('staging', 'production');
    const { user } = await openPage(app, LIST, { as: EMAIL.admin });
    await user.click(await screen.findByRole('link', { name: 'Delete connection from Acme Staging' }));
    await user.click(await screen.findByRole('button', { name: 'Delete' }));
    await dialogIsClosed();
    expect(await sharedTypes()).toEqual([]);
  });

  it('changes nothing on Cancel', async () => {
    await app.connect('production', 'staging');
    const { user } = await openPage(app, LIST, { as: EMAIL.admin });
    await user.click(await screen.findByRole('link', { name: 'Delete connection to Acme Staging' }));
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    await dialogIsClosed();
    expect(await sharedTypes()).toEqual([['metrics']]);
    await waitFor(() =>
      expect(document.activeElement?.getAttribute('aria-label')).toBe('Delete connection to Acme Staging'),
    );
  });

  it('shows that another user deleted the connection', async () => {
    const id = await app.connect('production', 'staging');
    const { user } = await openPage(app, `${LIST}/${id}/delete`, { as: EMAIL.admin });
    await screen.findByRole('alertdialog');
    await app.call('DELETE', `${PATH}/${id}`, adminKeys('production'));
    await user.click(screen.getByRole('button', { name: 'Delete' }));

    expect(await screen.findByText(/This connection no longer exists/)).toBeTruthy();
    await user.keyboard('{Escape}');
    await screen.findByRole('heading', { name: 'No connections yet' });
  });

  it('shows the missing permission', async () => {
    const id = await app.connect('production', 'staging');
    const { user } = await openPage(app, `${LIST}/${id}/delete`, { as: EMAIL.reader });
    const button = await screen.findByRole('button', { name: 'Delete' });
    await user.click(button);
    expect((await screen.findByRole('tooltip')).textContent).toBe(
      'You need the Org Connections Write permission. An administrator of Acme Production can grant it.',
    );
    expect(await sharedTypes()).toEqual([['metrics']]);
  });
});

describe('A dialog', () => {
  it('that was opened by a link closes to the list with its filters', async () => {
    const id = await app.connect('production', 'staging');
    const { user } = await openPage(app, `${LIST}/${id}/delete?filter=staging`, { as: EMAIL.admin });
    await screen.findByRole('alertdialog');
    await user.keyboard('{Escape}');
    await dialogIsClosed();
    expect(currentAddress()).toBe(`${LIST}?filter=staging`);
    expect(screen.getByRole('link', { name: 'Delete connection to Acme Staging' })).toBeTruthy();
  });

  it('closes with the browser’s Back', async () => {
    await app.connect('production', 'staging');
    const { user } = await openPage(app, `${LIST}?filter=staging`, { as: EMAIL.admin });
    await user.click(await screen.findByRole('link', { name: /^Edit/ }));
    await screen.findByRole('dialog');
    window.history.back();
    await dialogIsClosed();
    expect(currentAddress()).toBe(`${LIST}?filter=staging`);
  });

  it('that is left while pending still reports success', async () => {
    await app.connect('production', 'staging');
    const { user, network } = await openPage(app, LIST, { as: EMAIL.admin });
    await user.click(await screen.findByRole('link', { name: /^Delete/ }));
    const button = await screen.findByRole('button', { name: 'Delete' });
    const release = network.hold(PATH);
    await user.click(button);
    window.history.back();
    await dialogIsClosed();

    release();
    await screen.findByText('The connection to Acme Staging was deleted.');
    expect(currentAddress()).toBe(LIST);
  });

  it('that is left while pending reports an error in a toast', async () => {
    const { user, network } = await openPage(app, LIST, { as: EMAIL.admin });
    await user.click(await screen.findByRole('button', { name: 'New Connection' }));
    await choose(user, 'Acme Staging');
    await app.connect('production', 'staging');
    const release = network.hold(PATH);
    await user.click(screen.getByRole('button', { name: 'Connect' }));
    window.history.back();
    await dialogIsClosed();

    release();
    const notifications = screen.getByRole('region', { name: 'Notifications' });
    await within(notifications).findByText(/already shares with this destination/);
  });

  it('opens again for the same person after signing in again', async () => {
    const id = await app.connect('production', 'staging');
    const { user, network } = await openPage(app, `${LIST}/${id}/edit`, { as: EMAIL.admin });
    await user.click(await screen.findByRole('checkbox', { name: 'Logs' }));
    network.forgetCookies();
    await user.click(screen.getByRole('button', { name: 'Save' }));

    await screen.findByLabelText('Email');
    expect(currentAddress()).toBe(
      `/sign-in?${new URLSearchParams({ next: `${LIST}/${id}/edit` }).toString()}`,
    );
  });
});
