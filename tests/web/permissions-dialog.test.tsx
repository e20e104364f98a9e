import { screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../../src/contract/restriction-policies/constants.ts';
import { adminKeys, EMAIL, ORG, securityKeys } from '../support/account.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { openTestDatabase } from '../support/databases.ts';
import { principalsOf } from '../support/principals.ts';
import { comeBackToTab, currentAddress, openPage } from '../support/render-page.tsx';

const LIST = `/orgs/${ORG.security}/settings/cross-org-visibility`;
const ADMIN = adminKeys('security');

let app: TestApp;
let security: Record<string, Principal>;
/** Acme Security shares with Acme Payments. */
let shared: string;
beforeAll(async () => {
  app = await startApp(await openTestDatabase({ thread: 'main' }));
  security = await principalsOf(app, 'security');
});
afterAll(() => app.database.close());
beforeEach(async () => {
  await app.database.db.deleteFrom('org_connection').execute();
  shared = await app.connect('security', 'payments');
});

function principal(name: string): string {
  const found = security[name];
  if (!found) throw new Error(`Acme Security has no ${name}`);
  return found;
}

type Bindings = Record<string, string[]>;

/** Saves a policy through the API, naming principals by their names. */
async function save(id: string, bindings: Bindings, headers = ADMIN): Promise<void> {
  const { status } = await app.call(
    'POST',
    `/api/v2/restriction_policy/cross-org-connection:${id}`,
    headers,
    {
      data: {
        type: 'restriction_policy',
        id: `cross-org-connection:${id}`,
        attributes: {
          bindings: Object.entries(bindings).map(([relation, names]) => ({
            relation,
            principals: names.map(principal),
          })),
        },
      },
    },
  );
  expect(status).toBe(200);
}

/** What the API says is in force, by the principals' names. */
async function policyOf(id: string): Promise<Bindings> {
  const { body } = await app.call('GET', `/api/v2/restriction_policy/cross-org-connection:${id}`, ADMIN);
  const { bindings } = (
    body as { data: { attributes: { bindings: { relation: string; principals: string[] }[] } } }
  ).data.attributes;
  return Object.fromEntries(bindings.map(({ relation, principals }) => [relation, principals.map(nameOf)]));
}

function nameOf(id: string): string {
  return Object.entries(security).find(([, known]) => known === id)?.[0] ?? id;
}

async function openDialog(id = shared, as: string = EMAIL.admin) {
  const page = await openPage(app, `${LIST}/${id}/permissions`, { as });
  await screen.findByRole('dialog', { name: 'Permissions' });
  return page;
}

/** The lines on screen: "Platform Editor". */
function lines(): string[] {
  const list = screen.queryByRole('list', { name: 'Who has access' });
  return within(list ?? document.createElement('ul'))
    .queryAllByRole('listitem')
    .map((line) => {
      const relation =
        within(line).queryByRole<HTMLSelectElement>('combobox')?.selectedOptions[0]?.textContent;
      const name = line.querySelector('[class*=name]')?.firstChild?.textContent;
      return `${name} ${relation ?? line.lastChild?.textContent}`;
    });
}

async function pick(user: UserEvent, ...names: string[]) {
  await user.click(await screen.findByRole('combobox', { name: 'Add roles, teams, or users' }));
  for (const name of names)
    await user.click(await screen.findByRole('option', { name: new RegExp(`^${name}`) }));
  await user.keyboard('{Escape}');
  await user.click(screen.getByRole('button', { name: 'Add' }));
}

function button(name: string | RegExp) {
  return screen.findByRole('button', { name });
}

function dialog(): HTMLElement {
  return screen.getByRole('dialog');
}

function dialogIsClosed() {
  return waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
}

/** Closes or reloads the tab; returns whether it closes without a question. */
function leavePage(): boolean {
  return window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
}

/** What a screen reader was last told by the dialog. */
function announced(): (string | null)[] {
  return screen.queryAllByRole('status').map((status) => status.textContent);
}

function padlock(name: string | RegExp) {
  return screen.findByRole('link', { name });
}

describe('The Permissions link of a row', () => {
  it('opens the dialog, and shows whether access is restricted', async () => {
    const received = await app.connect('production', 'security');
    await save(received, { editor: ['Admin'] });
    const { user } = await openPage(app, `${LIST}?show=all`, { as: EMAIL.admin });
    await padlock('Permissions of connection from Acme Production, restricted');
    await user.click(await padlock('Permissions of connection to Acme Payments'));
    await button('Restrict Access');
    expect(screen.getByRole('dialog', { name: 'Permissions' })).toBeTruthy();
    expect(currentAddress()).toBe(`${LIST}/${shared}/permissions?show=all`);
    expect(document.title).toBe('Permissions · Cross-Org Visibility · Acme Security');
    await user.keyboard('{Escape}');
    await dialogIsClosed();
    await waitFor(() =>
      expect(document.activeElement?.getAttribute('aria-label')).toBe(
        'Permissions of connection to Acme Payments',
      ),
    );
  });
});

describe('A connection without a policy', () => {
  it('shows who has access', async () => {
    await openDialog();
    await waitFor(() =>
      expect(dialog().textContent).toContain(
        'Anyone in Acme Security with the Org Connections Write permission',
      ),
    );
    expect(dialog().textContent).toContain('can change or delete this connection');
    await waitFor(() => expect(announced()).toContain('2 people can edit'));
    expect((await button('Save')).hasAttribute('disabled')).toBe(true);
  });

  it('shows who can query shared data', async () => {
    await openDialog(await app.connect('production', 'security'));
    await waitFor(() =>
      expect(dialog().textContent).toContain('permission to view a data type can query it'),
    );
    await waitFor(() => expect(announced()).toContain('3 people can query and 2 people can edit'));
  });

  it('is restricted: members become viewers, added principals become editors', async () => {
    const { user } = await openDialog();
    await user.click(await button('Restrict Access'));
    expect(lines()).toEqual(['Acme Security Viewer']);
    expect(document.activeElement?.id).toBe('add-principals');

    await pick(user, 'Admin', 'Platform', 'Edda Editor');
    expect(lines()).toEqual([
      'Acme Security Viewer',
      'Admin Editor',
      'Platform Editor',
      'Edda Editor Editor',
    ]);
    expect(announced()).toContain('Admin, Platform, and Edda Editor added as Editor.');

    await user.selectOptions(screen.getByRole('combobox', { name: 'Access of Platform' }), 'Viewer');
    expect(announced()).toContain('Platform is now Viewer.');
    await user.click(screen.getByRole('button', { name: 'Remove Acme Security' }));
    expect(announced()).toContain('Acme Security removed.');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Remove Admin');
    expect(await policyOf(shared)).toEqual({});

    await user.click(await button('Save'));
    await dialogIsClosed();
    expect(screen.getByText('Access to the connection is restricted in Acme Security.')).toBeTruthy();
    await padlock('Permissions of connection to Acme Payments, restricted');
    expect(await policyOf(shared)).toEqual({ editor: ['Admin', EMAIL.editor], viewer: ['Platform'] });
  });

  it('is not restricted when the dialog is closed without saving', async () => {
    const { user } = await openDialog();
    await user.click(await button('Restrict Access'));
    await user.click(await button('Cancel'));
    await user.click(await button('Discard changes'));
    await dialogIsClosed();
    expect(await policyOf(shared)).toEqual({});
    // Both dialogs have closed at once; the page scrolls again.
    expect(document.documentElement.style.overflow).toBe('');
  });
});

describe('The drop-down', () => {
  it('groups the results, and does not offer principals twice', async () => {
    await save(shared, { editor: ['Admin'], viewer: ['Platform'] });
    const { user } = await openDialog();
    await user.click(await screen.findByRole('combobox', { name: 'Add roles, teams, or users' }));
    const list = await screen.findByRole('listbox');
    const groups = await within(list).findAllByRole('group', { hidden: true });
    expect(
      groups
        .map((group) => group.getAttribute('aria-labelledby'))
        .map((id) => document.getElementById(id ?? '')?.textContent),
    ).toEqual(['Roles', 'Teams', 'Users']);
    const admin = within(list).getByRole('option', { name: 'AdminAlready Editor' });
    expect(admin.getAttribute('aria-disabled')).toBe('true');
    expect(within(list).getByRole('option', { name: /^Platform.*Already Viewer$/ })).toBeTruthy();
  });

  it('searches on the server, and works with the keyboard alone', async () => {
    const { user, network } = await openDialog();
    await user.click(await button('Restrict Access'));
    await user.keyboard('{ArrowDown}');
    await screen.findByRole('option', { name: 'Admin' });
    await user.keyboard('edda');
    await waitFor(() => expect(within(screen.getByRole('listbox')).getAllByRole('option')).toHaveLength(1));
    expect(network.requests).toContain('GET /api/console/principals');
    await user.keyboard('{Enter}');
    expect(screen.getByRole('option', { name: /Edda Editor/ }).getAttribute('aria-selected')).toBe('true');
    await user.keyboard('{Escape}{Tab}{Enter}');
    expect(lines()).toEqual(['Acme Security Viewer', 'Edda Editor Editor']);
  });

  it('shows when nothing matches and when the search fails', async () => {
    const { user, network } = await openDialog();
    await user.click(await button('Restrict Access'));
    await user.click(await screen.findByRole('combobox', { name: 'Add roles, teams, or users' }));
    await user.keyboard('no such name');
    await screen.findByText('Nothing in this organization has that name.');
    network.cut('/api/console/principals');
    await user.keyboard('!');
    await screen.findByText(/The server cannot be reached/);
  });
});

describe('A connection with a policy', () => {
  beforeEach(() => save(shared, { viewer: ['Acme Security'], editor: ['Admin', EMAIL.editor] }));

  it('shows its policy, and removes it with Restore Full Access and Save', async () => {
    const { user } = await openDialog();
    await waitFor(() =>
      expect(lines()).toEqual(['Admin Editor', 'Edda Editor Editor', 'Acme Security Viewer']),
    );
    await user.click(await button('Restore Full Access'));
    expect(dialog().textContent).toContain('Full access will be restored when you save');
    expect(document.activeElement?.id).toBe('restrict-access');
    expect(await policyOf(shared)).not.toEqual({});
    await user.click(await button('Save'));
    await dialogIsClosed();
    expect(screen.getByText('Full access to the connection is restored in Acme Security.')).toBeTruthy();
    expect(await policyOf(shared)).toEqual({});
    await padlock('Permissions of connection to Acme Payments');
  });

  it('keeps its policy when Restrict Access follows Restore Full Access', async () => {
    const { user } = await openDialog();
    await user.click(await button('Restore Full Access'));
    await user.click(await button('Restrict Access'));
    expect(lines()).toHaveLength(3);
    expect((await button('Save')).hasAttribute('disabled')).toBe(true);
  });

  it('cannot be saved by a user who would lose access, and offers principals that include them', async () => {
    const { user } = await openDialog(shared, EMAIL.editor);
    await user.click(await screen.findByRole('button', { name: 'Remove Edda Editor' }));
    const saveButton = await button('Save');
    expect(saveButton.getAttribute('aria-disabled')).toBe('true');
    expect(dialog().textContent).toContain('You’d lose access');
    expect(screen.queryByRole('checkbox')).toBeNull();
    const advice = screen.getByText(/a role, team, or organization that includes you/).parentElement;
    const offers = within(advice ?? dialog()).getAllByRole('button');
    expect(offers.map(({ textContent }) => textContent)).toEqual([
      'You',
      'Editor',
      'All members of Acme Security',
    ]);

    await user.click(await button('Editor'));
    expect(dialog().textContent).not.toContain('You’d lose access');
    await user.click(await button('Save'));
    await dialogIsClosed();
    expect(await policyOf(shared)).toEqual({
      editor: ['Admin', 'Editor'].toSorted(byId),
      viewer: ['Acme Security'],
    });
  });

  it('can be saved by a user who manages access and accepts to lose theirs', async () => {
    const { user } = await openDialog(shared, EMAIL.guardian);
    await user.click(await screen.findByRole('button', { name: 'Remove Edda Editor' }));
    expect((await button('Save')).getAttribute('aria-disabled')).toBe('true');
    await user.click(await screen.findByRole('checkbox', { name: /Save without me/ }));
    await user.click(await button('Save'));
    await dialogIsClosed();
    expect(await policyOf(shared)).toEqual({ editor: ['Admin'], viewer: ['Acme Security'] });
  });

  it.each([
    ['source', 'security', 'payments', 'change or delete this connection'],
    ['destination', 'payments', 'security', 'query the shared data or delete this connection'],
  ] as const)(
    'without editors says on the side of the %s what no one can do',
    async (_, from, to, actions) => {
      const id = from === 'security' ? shared : await app.connect(from, to);
      await save(id, { editor: ['Admin'] });
      const { user } = await openDialog(id, EMAIL.guardian);
      await user.click(await screen.findByRole('button', { name: 'Remove Admin' }));
      expect(dialog().textContent).toContain(
        `No one can ${actions} until someone who manages access changes these permissions.`,
      );
    },
  );

  it('lets a user who manages access become editor with Elevate Access', async () => {
    const { user } = await openDialog(shared, EMAIL.guardian);
    await user.click(await button('Elevate Access'));
    expect(announced()).toContain('You are added as Editor.');
    expect(lines()).toContain('Gia Guardian Editor');
    await user.click(await button('Save'));
    await dialogIsClosed();
    expect(await policyOf(shared)).toMatchObject({
      editor: expect.arrayContaining([EMAIL.guardian]) as string[],
    });
  });

  it('is read-only for a user who is not an editor, with the reason and people to ask', async () => {
    await save(shared, { viewer: ['Acme Security'], editor: ['Admin'] });
    await openDialog(shared, EMAIL.editor);
    await waitFor(() => expect(lines()).toEqual(['Admin Editor', 'Acme Security Viewer']));
    expect(dialog().textContent).toContain('You can view this connection but not change it');
    await waitFor(() => expect(dialog().textContent).toContain('Ask an editor: Admin (Alex Admin).'));
    for (const name of ['Save', 'Add', 'Restore Full Access', 'Elevate Access', /^Remove/]) {
      expect(screen.queryByRole('button', { name })).toBeNull();
    }
    expect(within(dialog()).queryAllByRole('combobox')).toEqual([]);
  });

  it('is read-only for a user who lacks both, with both reasons', async () => {
    await save(shared, { editor: ['Admin', EMAIL.editor] });
    await openDialog(shared, EMAIL.viewer);
    await waitFor(() =>
      expect(dialog().textContent).toContain(
        'not an editor and don’t have the Org Connections Write permission',
      ),
    );
    await waitFor(() =>
      expect(dialog().textContent).toContain('Ask an editor: Edda Editor and Admin (Alex Admin).'),
    );
  });

  it('is read-only for a user without the permission, with the reason', async () => {
    await save(shared, { viewer: ['Admin'], editor: ['Platform', 'Admin'] });
    await openDialog(shared, EMAIL.viewer);
    await waitFor(() =>
      expect(dialog().textContent).toContain('You need the Org Connections Write permission.'),
    );
  });
});

describe('Names that are not loaded', () => {
  beforeEach(() => save(shared, { viewer: ['Acme Security'], editor: ['Admin', EMAIL.viewer] }));

  it('are not shown as deleted', async () => {
    await openDialog(shared, EMAIL.editor);
    await screen.findByText(/Ask an editor: Vito Viewer and Admin/);
    await openPage(app, `${LIST}/${shared}/permissions`, {
      as: EMAIL.editor,
      network: (next) => next.cut('/api/console/access'),
    });
    await screen.findByText(/Ask an editor: A user and A role/);
    expect(dialog().textContent).not.toContain('no longer exists');
  });
});

describe('People with access', () => {
  it('are counted and listed for the unsaved policy', async () => {
    const received = await app.connect('production', 'security');
    const { user } = await openDialog(received);
    await waitFor(() => expect(announced()).toContain('3 people can query and 2 people can edit'));
    await user.click(await button('Restrict Access'));
    await user.click(screen.getByRole('button', { name: 'Remove Acme Security' }));
    await waitFor(() => expect(announced()).toContain('0 people can query and 0 people can edit'));
    await pick(user, 'Edda Editor');
    await waitFor(() => expect(announced()).toContain('1 person can query and 1 person can edit'));
    await user.click(screen.getByText('Who has access'));
    const people = screen.getByRole('list', { name: 'People with access' });
    expect(
      within(people)
        .getAllByRole('listitem')
        .map((one) => one.textContent),
    ).toEqual([`Edda Editor${EMAIL.editor}QueryEdit`]);
    expect(await policyOf(received)).toEqual({});
  });
});

describe('Unsaved changes', () => {
  it.each<[string, (user: UserEvent) => Promise<unknown>]>([
    ['Esc', (user) => user.keyboard('{Escape}')],
    ['Cancel', async (user) => user.click(await button('Cancel'))],
    ['the cross', async (user) => user.click(await button('Close'))],
  ])('are asked about on %s', async (_, leave) => {
    const { user } = await openDialog();
    await user.click(await button('Restrict Access'));
    await leave(user);
    await screen.findByRole('alertdialog', { name: 'Discard unsaved changes?' });
    await user.click(await button('Keep editing'));
    expect(lines()).toEqual(['Acme Security Viewer']);
    await leave(user);
    await user.click(await button('Discard changes'));
    await dialogIsClosed();
    expect(currentAddress()).toBe(LIST);
    await user.click(await padlock(/^Permissions of connection to/));
    await button('Restrict Access');
    expect(screen.queryByText(/You have unsaved changes/)).toBeNull();
  });

  it('include principals that are selected but not added, which block Save', async () => {
    const { user } = await openDialog();
    await user.click(await button('Restrict Access'));
    await pick(user, 'Admin');
    await user.click(await screen.findByRole('combobox', { name: 'Add roles, teams, or users' }));
    await user.click(await screen.findByRole('option', { name: /^Edda Editor/ }));
    await user.keyboard('{Escape}');
    expect((await button('Save')).dataset['tooltip']).toBe('Add or clear your selection before saving.');
    await user.click(await button('Add'));
    await user.click(await button('Save'));
    await dialogIsClosed();
    expect(await policyOf(shared)).toMatchObject({ editor: ['Admin', EMAIL.editor] });

    await user.click(await padlock(/^Permissions of connection to/));
    await user.click(await screen.findByRole('combobox', { name: 'Add roles, teams, or users' }));
    await user.click(await screen.findByRole('option', { name: /^Platform/ }));
    await user.keyboard('{Escape}{Escape}');
    await screen.findByRole('alertdialog', { name: 'Discard unsaved changes?' });
  });

  it('are kept by Restore Full Access, in case the user restricts access again', async () => {
    const { user } = await openDialog();
    await user.click(await button('Restrict Access'));
    await pick(user, 'Platform');
    await user.click(await button('Restore Full Access'));
    expect(lines()).toEqual([]);
    await user.click(await button('Restrict Access'));
    expect(lines()).toEqual(['Acme Security Viewer', 'Platform Editor']);
  });

  it('are forgotten when a save ends after the dialog was left', async () => {
    const { user, network } = await openPage(app, LIST, { as: EMAIL.admin });
    await user.click(await padlock(/^Permissions of connection to/));
    await user.click(await button('Restrict Access'));
    await pick(user, 'Platform');
    const release = network.hold('/api/v2/restriction_policy');
    await user.click(await button('Save'));
    window.history.back();
    await dialogIsClosed();
    release();
    await screen.findByText('Access to the connection is restricted in Acme Security.');
    await user.click(await padlock(/^Permissions of connection to/));
    await waitFor(() => expect(lines()).toHaveLength(2));
    expect(screen.queryByText(/You have unsaved changes/)).toBeNull();
  });

  it('are not asked about when nothing changed', async () => {
    const { user } = await openDialog();
    await button('Restrict Access');
    await user.keyboard('{Escape}');
    await dialogIsClosed();
  });

  it('are kept when Back closes the dialog, and offered when it is opened again', async () => {
    const { user } = await openPage(app, LIST, { as: EMAIL.admin });
    await user.click(await padlock(/^Permissions of connection to/));
    await user.click(await button('Restrict Access'));
    await pick(user, 'Platform');
    window.history.back();
    await dialogIsClosed();

    await user.click(await padlock(/^Permissions of connection to/));
    await screen.findByText('You have unsaved changes from earlier.');
    await button('Restrict Access');
    await user.click(await button('Continue'));
    expect(lines()).toEqual(['Acme Security Viewer', 'Platform Editor']);
    await user.click(await button('Save'));
    await dialogIsClosed();
    expect(await policyOf(shared)).toEqual({ editor: ['Platform'], viewer: ['Acme Security'] });
    await user.click(await padlock(/^Permissions of connection to/));
    await screen.findByRole('list', { name: 'Who has access' });
    expect(screen.queryByText(/You have unsaved changes/)).toBeNull();
  });

  it('make the browser ask before the page is left or reloaded', async () => {
    const { user } = await openDialog();
    await button('Restrict Access');
    expect(leavePage()).toBe(true);
    await user.click(await button('Restrict Access'));
    expect(leavePage()).toBe(false);
    await user.click(await button('Restore Full Access'));
    expect(leavePage()).toBe(true);
  });

  it('are kept when saving fails', async () => {
    const { user, network } = await openDialog();
    await user.click(await button('Restrict Access'));
    await pick(user, 'Platform');
    network.cut('/api/v2/restriction_policy');
    await user.click(await button('Save'));
    await screen.findByText(/The server cannot be reached/);
    expect(lines()).toEqual(['Acme Security Viewer', 'Platform Editor']);
    network.mend();
    await user.click(await button('Save'));
    await dialogIsClosed();
  });
});

async function bothChange() {
  await save(shared, { viewer: ['Acme Security'], editor: ['Admin'] });
  const page = await openDialog();
  await waitFor(() => expect(lines()).toHaveLength(2));
  await pick(page.user, 'Platform');
  await save(shared, { viewer: ['Acme Security', 'Reader'], editor: ['Admin', EMAIL.editor] });
  return page;
}

async function difference() {
  await screen.findByText(/These permissions changed while you were editing/);
  return screen
    .getByRole('alert')
    .textContent?.replace(/^.*Their changes/, 'Their changes')
    .replace(/Combine both.*/, '');
}

describe('A policy with hundreds of principals', () => {
  it('shows every line, and lets the user change each', async () => {
    const { db } = app.database;
    const org = await db
      .selectFrom('org')
      .select('account_id')
      .where('id', '=', ORG.security)
      .executeTakeFirstOrThrow();
    const roles = await db
      .insertInto('role')
      .values(
        Array.from({ length: 300 }, (_, i) => ({
          account_id: org.account_id,
          org_id: ORG.security,
          name: `Role ${i}`,
        })),
      )
      .returning('id')
      .execute();
    const id = `cross-org-connection:${shared}`;
    const principals = [principal('Admin'), ...roles.map((role) => `role:${role.id}`)];
    await app.call('POST', `/api/v2/restriction_policy/${id}`, ADMIN, {
      data: {
        type: 'restriction_policy',
        id,
        attributes: { bindings: [{ relation: 'editor', principals }] },
      },
    });
    const { user } = await openDialog();
    await waitFor(() => expect(document.querySelectorAll('[role=dialog] select')).toHaveLength(301));
    const last = document.querySelectorAll('[role=dialog] select')[300];
    if (!last) throw new Error('There is no last line');
    await user.selectOptions(last, 'Viewer');
    await user.click(await button('Save'));
    await dialogIsClosed();
    const saved = await policyOf(shared);
    expect([saved['editor']?.length, saved['viewer']?.length]).toEqual([300, 1]);
    await db.deleteFrom('role').where('name', 'like', 'Role %').execute();
  });
});

describe('Two users who edit the same policy', () => {
  const BOTH =
    'Their changesEdda Editor added as EditorReader added as ViewerYour changesPlatform added as Editor';

  it('see both changes when the second saves, and nothing is saved', async () => {
    const { user } = await bothChange();
    await user.click(await button('Save'));
    await waitFor(async () => expect(await difference()).toBe(BOTH));
    expect((await button('Save')).getAttribute('aria-disabled')).toBe('true');
    expect(await policyOf(shared)).toMatchObject({ editor: ['Admin', EMAIL.editor] });
  });

  it('see both changes as soon as the page refreshes', async () => {
    await bothChange();
    comeBackToTab();
    await waitFor(async () => expect(await difference()).toBe(BOTH));
  });

  it('have nothing to choose when both made the same change', async () => {
    await save(shared, { viewer: ['Acme Security'], editor: ['Admin'] });
    const { user } = await openDialog();
    await waitFor(() => expect(lines()).toHaveLength(2));
    await pick(user, 'Platform');
    await save(shared, { viewer: ['Acme Security'], editor: ['Admin', 'Platform'] });
    comeBackToTab();
    await waitFor(async () => expect((await button('Save')).hasAttribute('disabled')).toBe(true));
    expect(screen.queryByText(/These permissions changed/)).toBeNull();
  });

  it.each<[string, Bindings]>([
    ['Combine both', { editor: ['Admin', 'Platform', EMAIL.editor], viewer: ['Acme Security', 'Reader'] }],
    ['Keep mine only', { editor: ['Admin', 'Platform'], viewer: ['Acme Security'] }],
  ])('can choose %s', async (choice, expected) => {
    const { user } = await bothChange();
    await user.click(await button('Save'));
    await user.click(await button(choice));
    await user.click(await button('Save'));
    await dialogIsClosed();
    expect(await policyOf(shared)).toEqual(expected);
  });

  it('never widen access by combining, and see which principals both changed', async () => {
    await save(shared, { viewer: ['Acme Security'], editor: ['Admin', 'Reader'] });
    const { user } = await openDialog();
    await waitFor(() => expect(lines()).toHaveLength(3));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Access of Acme Security' }), 'Editor');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Access of Reader' }), 'Viewer');
    await save(shared, { editor: ['Admin'] });
    await user.click(await button('Save'));
    await screen.findByText(/You both changed Reader and Acme Security: combining takes the lesser access/);
    await user.click(await button('Combine both'));
    expect(lines()).toEqual(['Admin Editor']);
  });

  it('can choose Take theirs', async () => {
    const { user } = await bothChange();
    await user.click(await button('Save'));
    await user.click(await button('Take theirs'));
    expect(lines()).toEqual(['Admin Editor', 'Edda Editor Editor', 'Acme Security Viewer', 'Reader Viewer']);
    expect((await button('Save')).hasAttribute('disabled')).toBe(true);
  });

  it('see that the other restored full access', async () => {
    const { user } = await bothChange();
    await save(shared, {});
    await user.click(await button('Save'));
    await waitFor(async () =>
      expect(await difference()).toContain(
        'Their changesFull access restoredYour changesPlatform added as Editor',
      ),
    );
    expect(screen.queryByRole('button', { name: 'Combine both' })).toBeNull();
  });

  it('see that the connection is gone', async () => {
    const { user } = await openDialog();
    await user.click(await button('Restrict Access'));
    await pick(user, 'Platform');
    await app.call('DELETE', `/api/v2/org_connections/${shared}`, ADMIN);
    await user.click(await button('Save'));
    await screen.findByText(/This connection no longer exists/);
  });

  it('see that they are no longer editors', async () => {
    const { user } = await openDialog(shared, EMAIL.editor);
    await user.click(await button('Restrict Access'));
    await pick(user, 'Platform', 'Edda Editor');
    await save(shared, { editor: ['Admin'] });
    await user.click(await button('Save'));
    await waitFor(() =>
      expect(dialog().textContent).toContain('You can view this connection but not change it'),
    );
    await waitFor(() => expect(lines()).toEqual(['Admin Editor']));
    expect(await policyOf(shared)).toEqual({ editor: ['Admin'] });
  });
});

describe('A user without access', () => {
  it('sees the row with disabled actions and their reasons', async () => {
    await save(shared, { viewer: ['Acme Security'], editor: ['Admin'] });
    await openPage(app, LIST, { as: EMAIL.editor });
    const edit = await screen.findByRole('link', { name: 'Edit connection to Acme Payments' });
    expect(edit.getAttribute('aria-disabled')).toBe('true');
    expect(edit.dataset['tooltip']).toBe(
      'Only editors of this connection can do this. Open Permissions to see who they are.',
    );
    const { body } = await app.call('GET', `/api/v2/org_connections/${shared}`, securityKeys('editor'));
    expect(body).toMatchObject({ data: { attributes: { extensions: { restricted: true } } } });
  });
});

/** The API lists principals of one kind by id. */
function byId(one: string, other: string): number {
  return principal(one).localeCompare(principal(other));
}
