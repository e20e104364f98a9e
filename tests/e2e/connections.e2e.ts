import { expect } from '@playwright/test';
import { connectionTo, EMAIL, ORG, productionKeys } from '../support/account.ts';
import { expectAccessible, expectNothingCutOff, pathOf, rowOf, tabTo, test } from '../support/journey.ts';
import { TIME_FACTOR } from '../support/time-factor.ts';

test('an administrator creates, edits and deletes a connection, and a restart keeps it', async ({
  open,
  product,
}) => {
  const page = await open(EMAIL.admin, '/');
  await page.goto(pathOf('production'));
  await expect(page.getByRole('heading', { name: 'Cross-Org Visibility' })).toBeVisible();

  await page.getByRole('button', { name: 'New Connection' }).click();
  const dialog = page.getByRole('dialog', { name: 'New Connection' });
  await dialog.getByRole('combobox', { name: 'Destination organization' }).click();
  await page.getByRole('option', { name: 'Acme Staging' }).click();
  await expect(dialog.getByRole('checkbox', { name: 'Metrics' })).toBeChecked();
  await dialog.getByRole('button', { name: 'Connect' }).click();
  await expect(dialog).toBeHidden();
  const row = rowOf(page, 'Acme Production', 'Acme Staging');
  await expect(row).toContainText('Metrics');
  await expect(row).toContainText('Alex Admin');

  await row.hover();
  await row.getByRole('link', { name: /^Edit/ }).click();
  const edit = page.getByRole('dialog', { name: 'Edit Connection' });
  await expect(edit.getByRole('button', { name: 'Save' })).toBeDisabled();
  await edit.getByRole('checkbox', { name: 'Logs' }).check();
  await edit.getByRole('checkbox', { name: 'CI pipelines' }).check();
  await edit.getByRole('checkbox', { name: 'Metrics' }).uncheck();
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit).toBeHidden();
  await expect(row).toContainText('LogsCI pipelines');
  await expect(row).not.toContainText('Metrics');

  await product.restart();
  await page.reload();
  await expect(row).toContainText('LogsCI pipelines');

  await row.hover();
  await row.getByRole('link', { name: /^Delete/ }).click();
  const confirm = page.getByRole('alertdialog', { name: 'Are you sure?' });
  await expect(confirm).toContainText('Acme Staging');
  await confirm.getByRole('button', { name: 'Delete' }).click();
  await expect(confirm).toBeHidden();
  await expect(row).toBeHidden();
});

test("two users see each other's changes", async ({ open, product }) => {
  test.setTimeout(90_000 * TIME_FACTOR);
  const id = await product.connect('production', 'staging');
  const here = await open(EMAIL.admin, pathOf('production', `/${id}/edit`));
  const there = await open(EMAIL.sam, pathOf('staging'));
  const edit = here.getByRole('dialog', { name: 'Edit Connection' });
  await edit.getByRole('checkbox', { name: 'Logs' }).check();

  const row = rowOf(there, 'Acme Production', 'Acme Staging');
  await row.hover();
  await row.getByRole('link', { name: /^Delete/ }).click();
  await there.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(row).toBeHidden();

  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(here.getByRole('dialog')).toContainText('no longer exists');
  await here.keyboard.press('Escape');
  await expect(rowOf(here, 'Acme Production', 'Acme Staging')).toBeHidden();

  await product.connect('security', 'production', ['audit']);
  await here.bringToFront();
  await here.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
  await expect(rowOf(here, 'Acme Security', 'Acme Production')).toBeVisible({
    timeout: 35_000 * TIME_FACTOR,
  });
});

test('two users who edit the same connection do not silently overwrite each other', async ({
  open,
  product,
}) => {
  const id = await product.connect('production', 'staging');
  const [one, other] = await Promise.all(
    [1, 2].map(() => open(EMAIL.admin, pathOf('production', `/${id}/edit`))),
  );
  if (!one || !other) throw new Error('Both pages are needed');
  await one.getByRole('checkbox', { name: 'Logs' }).check();
  await other.getByRole('checkbox', { name: 'Audit Trail' }).check();
  await one.getByRole('button', { name: 'Save' }).click();
  await expect(rowOf(one, 'Acme Production', 'Acme Staging')).toContainText('MetricsLogs');

  await other.getByRole('button', { name: 'Save' }).click();
  const dialog = other.getByRole('dialog', { name: 'Edit Connection' });
  await expect(dialog).toContainText('This connection changed while you were editing');
  await dialog.getByRole('checkbox', { name: 'Logs' }).check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(rowOf(other, 'Acme Production', 'Acme Staging')).toContainText('MetricsLogsAudit Trail');
});

test('a reader sees connections, and why they cannot change them', async ({ open, product }) => {
  await product.connect('production', 'staging');
  const page = await open(EMAIL.reader, pathOf('production'));
  await expect(rowOf(page, 'Acme Production', 'Acme Staging')).toBeVisible();
  for (const name of [/^Edit/, /^Delete/]) {
    await tabTo(page, name);
    await expect(page.getByRole('tooltip')).toContainText('Org Connections Write');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toBeHidden();
  }
  await expectAccessible(page);
});

test('a member without the permission sees which one is missing', async ({ open }) => {
  const page = await open(EMAIL.member, pathOf('production'));
  await expect(page.getByRole('main')).toContainText('Org Connections Read');
  await expect(page.getByRole('table')).toBeHidden();
  await expectAccessible(page);
});

test('a signed-out person returns to the requested page after signing in', async ({ open, product }) => {
  const id = await product.connect('production', 'staging');
  const page = await open(EMAIL.admin, pathOf('production', `/${id}/delete?filter=Staging`));
  await expect(page.getByRole('alertdialog', { name: 'Are you sure?' })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe(pathOf('production', `/${id}/delete`));
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('searchbox')).toHaveValue('Staging');
});

test('a connection is created, edited and deleted with the keyboard alone', async ({ open }) => {
  const page = await open(EMAIL.admin, pathOf('production'));
  await expect(page.getByRole('heading', { name: 'Cross-Org Visibility' })).toBeVisible();
  await tabTo(page, 'New Connection');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'New Connection' })).toBeVisible();
  await tabTo(page, 'Destination organization');
  await page.keyboard.press('Enter');
  await page.keyboard.type('secur');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Logs');
  await page.keyboard.press('Space');
  await tabTo(page, 'Connect');
  await page.keyboard.press('Enter');
  const row = rowOf(page, 'Acme Production', 'Acme Security');
  await expect(row).toContainText('MetricsLogs');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('button', { name: 'New Connection' })).toBeFocused();

  await tabTo(page, /^Edit/);
  await expect(row.getByRole('link', { name: /^Edit/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Edit Connection' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(row.getByRole('link', { name: /^Edit/ })).toBeFocused();

  await tabTo(page, /^Delete/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alertdialog', { name: 'Are you sure?' })).toBeVisible();
  await tabTo(page, 'Delete');
  await page.keyboard.press('Enter');
  await expect(row).toBeHidden();
});

test('Back closes a dialog, and a reload keeps it', async ({ open, product }) => {
  await product.connect('production', 'staging');
  const page = await open(EMAIL.admin, pathOf('production'));
  await page.getByRole('button', { name: 'New Connection' }).click();
  const dialog = page.getByRole('dialog', { name: 'New Connection' });
  await expect(dialog).toBeVisible();
  await page.reload();
  await expect(dialog).toBeVisible();
  await page.goBack();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('table')).toBeVisible();
});

test('a user of several organizations switches between them', async ({ open, product }) => {
  await product.connect('production', 'staging');
  const page = await open(EMAIL.sam, pathOf('production'));
  await expect(rowOf(page, 'Acme Production', 'Acme Staging')).toBeVisible();
  await page.getByRole('button', { name: /Acme Production/ }).click();
  await page.getByRole('menuitem', { name: /Acme Security/ }).click();
  await expect(page).toHaveURL(new RegExp(ORG.security));
  await expect(page.getByRole('main')).toContainText('Org Connections Read');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every screen and dialog is accessible in ${colorScheme}`, async ({ open, product, browser }) => {
    const id = await product.connect('production', 'staging', ['metrics', 'logs', 'audit']);
    const page = await open(EMAIL.admin, pathOf('production'), { colorScheme });
    await expect(page.getByRole('table')).toBeVisible();
    await expectAccessible(page);
    for (const [rest, role, name] of [
      ['/new', 'dialog', 'New Connection'],
      [`/${id}/edit`, 'dialog', 'Edit Connection'],
      [`/${id}/delete`, 'alertdialog', 'Are you sure?'],
    ] as const) {
      await page.goto(pathOf('production', rest));
      await expect(page.getByRole(role, { name })).toBeVisible();
      await expectAccessible(page);
    }
    await page.goto(pathOf('production', '/new'));
    await page.getByRole('combobox', { name: 'Destination organization' }).click();
    await expect(page.getByRole('option').first()).toBeVisible();
    await expectAccessible(page);
    for (const path of [pathOf('payments'), pathOf('globex'), '/nowhere']) {
      await page.goto(path);
      await expect(page.getByRole('heading').first()).toBeVisible();
      await expectAccessible(page);
    }
    const context = await browser.newContext({ baseURL: product.url, colorScheme });
    const stranger = await context.newPage();
    await stranger.goto('/');
    await expect(stranger.getByRole('button', { name: 'Sign in' })).toBeVisible();
    await expectAccessible(stranger);
    await context.close();
  });
}

for (const width of [1440, 1024, 390]) {
  test(`nothing is cut off at ${width} pixels`, async ({ open, product }) => {
    const id = await product.connect('production', 'staging', ['metrics', 'logs', 'audit']);
    const page = await open(EMAIL.admin, pathOf('production'));
    await page.setViewportSize({ width, height: 800 });
    for (const rest of ['', '/new', `/${id}/edit`, `/${id}/delete`]) {
      await page.goto(pathOf('production', rest));
      await expect(page.getByText('Acme Staging').or(page.getByRole('dialog')).first()).toBeVisible();
      await expectNothingCutOff(page);
    }
  });
}

test('a row shows that queries are refused, and why, on both sides', async ({ open, product }) => {
  await fetch(`${product.url}/api/v2/org_connections`, {
    method: 'POST',
    headers: productionKeys('writer'),
    body: JSON.stringify(connectionTo(ORG.staging)),
  });
  const users = await product.call('production', 'GET', '/api/v2/users?filter=writer');
  const { data } = (await users.json()) as { data: { id: string }[] };
  await product.call('production', 'DELETE', `/api/v2/users/${data[0]?.id}`);

  for (const org of ['production', 'staging'] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open(EMAIL.admin, pathOf(org), { colorScheme });
      const row = rowOf(page, 'Acme Production', 'Acme Staging');
      await expect(row).toContainText('is no longer active in Acme');
      for (const width of [1440, 1024, 390]) {
        await page.setViewportSize({ width, height: 800 });
        await expectNothingCutOff(page);
        await expectAccessible(page);
      }
    }
  }
});

test('the actions of every row are in view at all widths', async ({ open, product }) => {
  await product.connect('production', 'staging', ['metrics', 'logs', 'audit']);
  await product.connect('security', 'production', ['metrics']);
  const page = await open(EMAIL.admin, pathOf('production'));
  await expect(rowOf(page, 'Acme Security', 'Acme Production')).toBeVisible();
  const frame = page.getByRole('table').locator('..');
  for (const width of [800, 993, 1024, 1216, 1217, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    await expectNothingCutOff(page);
    const edges = await frame.evaluate((element) => {
      const { left, right } = element.getBoundingClientRect();
      const actions = [...element.querySelectorAll('td [role="link"], td a')];
      return actions.map((action) => {
        const box = action.getBoundingClientRect();
        return box.left >= left && box.right <= right;
      });
    });
    expect(edges, `at ${width} pixels`).toEqual([true, true, true, true, true]);
  }
});

test('a dialog that is still loading is closed with the keyboard', async ({ open, product }) => {
  await product.connect('production', 'staging');
  const page = await open(EMAIL.admin, '/');
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.route(/delete-connection-dialog.*\.js/, async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(pathOf('production'));
  const link = rowOf(page, 'Acme Production', 'Acme Staging').getByRole('link', { name: /^Delete/ });
  await link.focus();
  await page.keyboard.press('Enter');
  const loading = page.getByRole('dialog', { name: 'Delete Connection' });
  await expect(loading).toBeVisible();
  await expect(loading).toBeFocused();
  await expectAccessible(page, { isLoading: true });
  await tabTo(page, 'Close');
  await page.keyboard.press('Escape');
  await expect(loading).toBeHidden();
  expect(new URL(page.url()).pathname).toBe(pathOf('production'));
  await expect(link).toBeFocused();

  await page.keyboard.press('Enter');
  await expect(loading).toBeVisible();
  release();
  await expect(page.getByRole('alertdialog', { name: 'Are you sure?' })).toBeVisible();
  await expect(loading).toBeHidden();
});

for (const width of [1440, 390]) {
  test(`the menus of the top bar fit at ${width} pixels`, async ({ open }) => {
    const page = await open(EMAIL.sam, pathOf('production'));
    await page.setViewportSize({ width, height: 800 });
    for (const name of [/^Organization: /, /^Account of /]) {
      await page.getByRole('button', { name }).click();
      await expect(page.getByRole('menu')).toBeInViewport({ ratio: 1 });
      await expectNothingCutOff(page);
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('button', { name })).toBeFocused();
    }
  });
}
