import { screen, waitFor, within } from '@testing-library/react';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectionTo, EMAIL, ORG, securityKeys } from '../support/account.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { openTestDatabase } from '../support/databases.ts';
import { comeBackToTab, currentAddress, openPage } from '../support/render-page.tsx';

const LIST = `/orgs/${ORG.production}/settings/cross-org-visibility`;

let app: TestApp;
beforeAll(async () => {
  app = await startApp(await openTestDatabase({ thread: 'main' }));
});
afterAll(() => app.database.close());
beforeEach(async () => {
  await app.database.db.deleteFrom('org_connection').execute();
});

/** What the table shows, row by row: source and destination. */
async function shownPairs(): Promise<string[]> {
  await screen.findAllByRole('link', { name: /^Delete/ });
  const [, ...rows] = screen.getAllByRole('row');
  return rows.map((row) => {
    const [source, destination] = within(row).getAllByRole('cell');
    return `${source?.textContent} > ${destination?.textContent}`.replaceAll('This organization', '*');
  });
}

describe('The list', () => {
  it('is where an organization opens', async () => {
    await openPage(app, `/orgs/${ORG.production}`, { as: EMAIL.reader });
    await screen.findByRole('heading', { name: 'Cross-Org Visibility' });
    expect(currentAddress()).toBe(LIST);
  });

  it('shows both organizations, data types, creator and date', async () => {
    await app.connect('production', 'staging', {
      connection_types: ['logs', 'metrics'],
      extensions: { connection_types: ['ci_tests'] },
    });
    await openPage(app, LIST, { as: EMAIL.reader });

    expect(await shownPairs()).toEqual(['Acme Production* > Acme Staging']);
    const [source, destination, types, creator, created] = screen.getAllByRole('cell');
    expect(source?.textContent).toContain('This organization');
    expect(destination?.textContent).toBe('Acme Staging');
    const badges = types ? within(types).getAllByRole('listitem') : [];
    expect(badges.map((badge) => badge.textContent)).toEqual(['Metrics', 'Logs', 'Tests']);
    expect(creator?.textContent).toBe('Alex Admin');
    expect(created?.textContent).toMatch(/^just now, .*\d{4}/);
    expect(created?.querySelector('time')?.dateTime).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(document.title).toBe('Cross-Org Visibility · Acme Production');
  });

  it('announces that it is loading', async () => {
    await app.connect('production', 'staging');
    let release: (() => void) | undefined;
    await openPage(app, LIST, {
      as: EMAIL.reader,
      network: (network) => {
        release = network.hold('/api/v2');
      },
    });
    await screen.findByText('Loading connections');
    expect(screen.getByRole('table').getAttribute('aria-busy')).toBe('true');
    const filter = screen.getByRole('searchbox', { name: 'Filter connections' });
    filter.focus();

    release?.();
    expect(await shownPairs()).toEqual(['Acme Production* > Acme Staging']);
    expect(screen.queryByText('Loading connections')).toBeNull();
    expect(screen.getByText('1 connection')).toBeTruthy();
    expect(document.activeElement).toBe(filter);
  });

  it('explains the feature while it is empty', async () => {
    const { user } = await openPage(app, LIST, { as: EMAIL.admin });

    await screen.findByRole('heading', { name: 'No connections yet' });
    expect(screen.getByText(/isn’t copied/)).toBeTruthy();
    expect(await screen.findByText('An organization can share with up to 5 others.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'New Connection' }));
    expect(await screen.findByRole('dialog', { name: 'New Connection' })).toBeTruthy();
  });

  it('shows a loading error, and retries', async () => {
    await app.connect('production', 'staging');
    const { user, network } = await openPage(app, LIST, {
      as: EMAIL.reader,
      network: (line) => line.cut('/api/v2/org_connections'),
    });
    const alert = await screen.findByRole('alert');
    expect(within(alert).getByRole('heading', { name: 'The connections could not be loaded' })).toBeTruthy();
    expect(within(alert).getByText(/The server cannot be reached/)).toBeTruthy();

    network.mend();
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    expect(await shownPairs()).toEqual(['Acme Production* > Acme Staging']);
  });

  it('keeps its rows when it cannot be refreshed, and says so once', async () => {
    await app.connect('production', 'staging');
    const { user, network } = await openPage(app, LIST, { as: EMAIL.reader });
    await shownPairs();

    network.cut();
    comeBackToTab();
    await screen.findByText(/could not be refreshed and may be out of date/);
    expect(await shownPairs()).toEqual(['Acme Production* > Acme Staging']);

    network.mend();
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    await waitFor(() => expect(screen.queryByText(/could not be refreshed/)).toBeNull());
  });

  it('disappears when the user loses the permission', async () => {
    await app.connect('production', 'staging');
    await openPage(app, LIST, { as: EMAIL.reader });
    await shownPairs();

    const { db } = app.database;
    const grants = db
      .selectFrom('role')
      .innerJoin('user_role', 'user_role.role_id', 'role.id')
      .innerJoin('user', 'user.id', 'user_role.user_id')
      .where('user.email', '=', EMAIL.reader)
      .select(['user_role.user_id', 'user_role.role_id', 'user_role.account_id', 'user_role.org_id']);
    const taken = await grants.execute();
    onTestFinished(async () => {
      await db.insertInto('user_role').values(taken).execute();
    });
    await db
      .deleteFrom('user_role')
      .where(
        'user_id',
        'in',
        taken.map((grant) => grant.user_id),
      )
      .execute();
    comeBackToTab();

    // Of the list's refusal and the session's news, either may come first.
    await waitFor(() => expect(screen.queryByRole('table')).toBeNull());
    expect(screen.getByText(/You need the Org Connections Read permission/)).toBeTruthy();
  });

  it("shows another user's change when the tab becomes visible", async () => {
    await app.connect('production', 'staging');
    await openPage(app, LIST, { as: EMAIL.reader });
    await shownPairs();

    await app.connect('payments', 'production');
    comeBackToTab();

    await screen.findByText('2 connections');
    expect(await shownPairs()).toEqual([
      'Acme Payments > Acme Production*',
      'Acme Production* > Acme Staging',
    ]);
  });

  it("shows another user's change within 30 seconds", async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      await openPage(app, LIST, { as: EMAIL.reader });
      await screen.findByRole('heading', { name: 'No connections yet' });
      await app.connect('production', 'staging');
      vi.advanceTimersByTime(30_000);
      expect(await shownPairs()).toEqual(['Acme Production* > Acme Staging']);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('A connection whose creator is disabled', () => {
  const REFUSED = 'Queries are refused';

  beforeEach(async () => {
    const { db } = app.database;
    for (const sink of [ORG.production, ORG.payments]) {
      await app.call('POST', '/api/v2/org_connections', securityKeys('editor'), connectionTo(sink));
    }
    const setDisabled = (disabled: boolean) =>
      db.updateTable('user').set({ disabled }).where('email', '=', EMAIL.editor).execute();
    await setDisabled(true);
    return () => setDisabled(false);
  });

  const REASON =
    'Edda Editor, who created this connection, is no longer active in Acme Security. An administrator of Acme Security can delete the connection and create it again.';

  it("shows on the source's side that queries are refused, with the reason and a remedy", async () => {
    await app.connect('security', 'data');
    await openPage(app, `/orgs/${ORG.security}/settings/cross-org-visibility`, { as: EMAIL.admin });

    expect(await shownPairs()).toHaveLength(3);
    const [, ofAlex, ofEdda] = screen.getAllByRole('row');
    expect(ofAlex?.textContent).not.toContain(REFUSED);
    expect(ofEdda?.textContent).toContain(`${REFUSED}: ${REASON}`);
    expect(screen.getAllByText(REFUSED)).toHaveLength(2);
  });

  it("shows the same on the destination's side", async () => {
    await openPage(app, LIST, { as: EMAIL.reader });

    expect(await shownPairs()).toEqual(['Acme Security > Acme Production*']);
    const [, , types] = screen.getAllByRole('cell');
    expect(types?.textContent).toContain(`${REFUSED}: ${REASON}`);
  });
});

function lacks(permission: string): string {
  return `Ravi Reader, who created this connection, no longer has the ${permission} permission in Acme Production. An administrator of Acme Production can grant it, or delete the connection and create it again.`;
}

describe('A connection whose creator lacks permissions', () => {
  it('shows the types that cannot be queried, and why', async () => {
    const attributes = { connection_types: ['metrics', 'logs', 'audit'] };
    const id = await app.connect('production', 'staging', attributes);
    await app.database.db
      .updateTable('org_connection')
      .set({ created_by: (eb) => eb.selectFrom('user').select('id').where('email', '=', EMAIL.reader) })
      .where('id', '=', id)
      .execute();
    await openPage(app, LIST, { as: EMAIL.admin });

    await shownPairs();
    const [, , types] = screen.getAllByRole('cell');
    expect(types?.textContent).toContain(`Logs can’t be queried: ${lacks('Logs Read Index Data')}`);
    expect(types?.textContent).toContain(`Audit Trail can’t be queried: ${lacks('Audit Trail Read')}`);
  });
});

describe('A connection of an organization where the feature was turned off', () => {
  it('shows that queries are refused, and can be deleted', async () => {
    await app.connect('production', 'staging');
    const { db } = app.database;
    const turn = (cross_org_visibility: boolean) =>
      db.updateTable('org').set({ cross_org_visibility }).where('id', '=', ORG.staging).execute();
    await turn(false);
    onTestFinished(async () => {
      await turn(true);
    });
    const { user } = await openPage(app, LIST, { as: EMAIL.admin });

    await shownPairs();
    const [, row] = screen.getAllByRole('row');
    expect(row?.textContent).toContain(
      'Queries are refused: Cross-Org Visibility is off in Acme Staging. Ask the operator of this console to turn it on.',
    );
    await user.click(screen.getByRole('link', { name: /^Delete/ }));
    await user.click(await screen.findByRole('button', { name: 'Delete' }));
    expect(await screen.findByText(/was deleted/)).toBeTruthy();
  });
});

describe('Filters and order of the list', () => {
  beforeEach(async () => {
    await app.connect('production', 'staging', { connection_types: ['metrics'] });
    await app.connect('production', 'payments', { connection_types: ['logs'] });
    await app.connect('security', 'production', {
      connection_types: [],
      extensions: { connection_types: ['ci_pipelines'] },
    });
  });

  it('filter by organization, data type and person, in the URL', async () => {
    const { user } = await openPage(app, LIST, { as: EMAIL.reader });
    await shownPairs();
    const filter = screen.getByRole('searchbox', { name: 'Filter connections' });

    await user.type(filter, 'ci pipe');
    await screen.findByText('1 of 3 connections');
    expect(await shownPairs()).toEqual(['Acme Security > Acme Production*']);
    expect(currentAddress()).toBe(`${LIST}?filter=ci+pipe`);

    await user.clear(filter);
    await user.type(filter, 'PAYMENTS alex');
    await waitFor(async () => expect(await shownPairs()).toEqual(['Acme Production* > Acme Payments']));
  });

  it('can be cleared when nothing matches', async () => {
    const { user } = await openPage(app, `${LIST}?filter=nonsense&show=shared-by`, { as: EMAIL.reader });

    await screen.findByRole('heading', { name: 'No matching connections' });
    expect(screen.getByText('0 of 3 connections')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Clear filters' }));

    expect(await shownPairs()).toHaveLength(3);
    expect(currentAddress()).toBe(LIST);
  });

  it('switch between both directions', async () => {
    const { user } = await openPage(app, LIST, { as: EMAIL.reader });
    await shownPairs();

    await user.click(screen.getByRole('radio', { name: 'Shared with this organization' }));
    await screen.findByText('1 of 3 connections');
    expect(await shownPairs()).toEqual(['Acme Security > Acme Production*']);
    expect(currentAddress()).toBe(`${LIST}?show=shared-with`);

    await user.click(screen.getByRole('radio', { name: 'Shared by this organization' }));
    await screen.findByText('2 of 3 connections');
    await user.click(screen.getByRole('radio', { name: 'All' }));
    await screen.findByText('3 connections');
    expect(currentAddress()).toBe(LIST);
  });

  it('start with the newest, and sort by any column, in the URL', async () => {
    const { user } = await openPage(app, LIST, { as: EMAIL.reader });
    expect(await shownPairs()).toEqual([
      'Acme Security > Acme Production*',
      'Acme Production* > Acme Payments',
      'Acme Production* > Acme Staging',
    ]);
    expect(screen.getByRole('columnheader', { name: 'Created' }).getAttribute('aria-sort')).toBe(
      'descending',
    );

    await user.click(screen.getByRole('button', { name: /Destination organization/ }));
    expect(currentAddress()).toBe(`${LIST}?sort=destination`);
    await waitFor(async () =>
      expect(await shownPairs()).toEqual([
        'Acme Production* > Acme Payments',
        'Acme Security > Acme Production*',
        'Acme Production* > Acme Staging',
      ]),
    );

    await user.click(screen.getByRole('button', { name: /Destination organization/ }));
    expect(currentAddress()).toBe(`${LIST}?sort=-destination`);
    await waitFor(async () => expect((await shownPairs())[0]).toBe('Acme Production* > Acme Staging'));
    const header = screen.getByRole('columnheader', { name: /Destination organization/ });
    expect(header.getAttribute('aria-sort')).toBe('descending');
  });

  it('follow the URL when the page opens', async () => {
    await openPage(app, `${LIST}?show=shared-by&sort=destination&filter=acme`, { as: EMAIL.reader });
    expect(await shownPairs()).toEqual([
      'Acme Production* > Acme Payments',
      'Acme Production* > Acme Staging',
    ]);
  });
});

describe('Actions without permission', () => {
  it('are disabled and show the missing permission', async () => {
    await app.connect('production', 'staging');
    const { user } = await openPage(app, LIST, { as: EMAIL.reader });
    await shownPairs();
    expect(screen.getByText(/You can see these connections but not change them/)).toBeTruthy();

    for (const control of [
      screen.getByRole('button', { name: 'New Connection' }),
      screen.getByRole('link', { name: 'Edit connection to Acme Staging' }),
      screen.getByRole('link', { name: 'Delete connection to Acme Staging' }),
    ]) {
      expect(control.getAttribute('aria-disabled')).toBe('true');
      await user.click(control);
      const reason = await screen.findByRole('tooltip');
      expect(reason.textContent).toContain('You need the Org Connections Write permission.');
      expect(control.getAttribute('aria-describedby')).toBe(reason.id);
      expect(screen.queryByRole('dialog')).toBeNull();
      await user.keyboard('{Escape}');
      await waitFor(() => expect(screen.queryByRole('tooltip')).toBeNull());
    }
  });

  it('include reading: an explanation replaces the list, and no request is sent', async () => {
    await app.connect('production', 'staging');
    const { network } = await openPage(app, LIST, { as: EMAIL.member });

    await screen.findByRole('heading', { name: /You can’t see this organization’s connections/ });
    expect(screen.getByText(/You need the Org Connections Read permission/)).toBeTruthy();
    expect(screen.queryByRole('table')).toBeNull();
    expect(network.requests.filter((request) => request.includes('org_connections'))).toEqual([]);
  });

  it("include editing on the destination's side", async () => {
    await app.connect('staging', 'production');
    await openPage(app, LIST, { as: EMAIL.admin });
    await shownPairs();
    expect(screen.getByRole('link', { name: 'Delete connection from Acme Staging' })).toBeTruthy();
    expect(screen.queryByRole('link', { name: /^Edit/ })).toBeNull();
  });

  it('include creating while the feature is off', async () => {
    await openPage(app, `/orgs/${ORG.labs}/settings/cross-org-visibility`, { as: EMAIL.admin });
    expect(
      await screen.findByRole('heading', { name: 'Cross-Org Visibility is off in Acme Labs' }),
    ).toBeTruthy();
    expect(
      screen.getByText('Connections can’t be created until the operator of this console turns it on.'),
    ).toBeTruthy();
    expect(screen.queryByText(/can share with up to/)).toBeNull();
    expect(screen.getByRole('button', { name: 'New Connection' }).getAttribute('aria-disabled')).toBe('true');
  });
});
