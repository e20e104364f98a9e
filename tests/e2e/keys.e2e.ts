import { expect, type Page } from '@playwright/test';
import { adminKeys, EMAIL, ORG } from '../support/account.ts';
import { expectAccessible, pathOf, signIn, test } from '../support/journey.ts';

const PAGE = `/orgs/${ORG.production}/settings/keys`;
/** Of an organization with two administrators: Alex and Sam. */
const STAGING_PAGE = `/orgs/${ORG.staging}/settings/keys`;

const rowOf = (page: Page, name: string) =>
  page
    .getByRole('table', { name: 'Application keys' })
    .getByRole('row')
    .filter({ has: page.getByRole('cell', { name, exact: true }) });

async function createApplicationKey(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New Application Key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('checkbox', { name: 'Org Connections Read' }).check();
  await page.getByRole('button', { name: 'Create' }).click();
}

test('an administrator creates, edits and revokes an application key', async ({ open, product }) => {
  const page = await open(EMAIL.admin, PAGE);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await createApplicationKey(page, 'deploy');

  const shown = page.getByRole('dialog', { name: 'Application Key Created' });
  await expect(shown.getByRole('textbox')).toBeFocused();
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  await expect(shown).toBeVisible();
  await shown.getByRole('button', { name: 'Copy' }).click();
  await expect(shown.getByRole('button', { name: 'Copied' })).toBeVisible();
  const secret = await page.evaluate(() => navigator.clipboard.readText());
  expect(secret).toMatch(/^[0-9a-f]{32}$/);
  await shown.getByRole('button', { name: 'Done' }).click();
  await expect(shown).toBeHidden();
  await expect(page.locator('body')).not.toContainText(secret);

  const row = rowOf(page, 'deploy');
  await expect(row).toContainText(`…${secret.slice(-4)}`);
  await expect(row).toContainText('Org Connections Read');
  await expect(row).toContainText('Never');

  const call = async (path: string) => {
    const headers = { ...adminKeys('production'), 'DD-APPLICATION-KEY': secret };
    return (await fetch(`${product.url}${path}`, { headers })).status;
  };
  expect(await call('/api/v2/org_connections')).toBe(200);
  expect(await call('/api/v2/api_keys')).toBe(403);
  await page.reload();
  await expect(row).not.toContainText('Never');

  await product.restart();
  expect(await call('/api/v2/org_connections')).toBe(200);
  await row.hover();
  await row.getByRole('link', { name: 'Revoke application key deploy' }).click();
  const confirm = page.getByRole('alertdialog', { name: 'Revoke this application key?' });
  await expect(confirm).toContainText('deploy');
  await confirm.getByRole('button', { name: 'Revoke' }).click();
  await expect(confirm).toBeHidden();
  await expect(row).toBeHidden();
  expect(await call('/api/v2/org_connections')).toBe(401);
});

test('a tab whose person was changed in another tab creates no key', async ({ open }) => {
  const page = await open(EMAIL.admin, STAGING_PAGE);
  await page.getByRole('button', { name: 'New Application Key' }).click();
  const dialog = page.getByRole('dialog', { name: 'New Application Key' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('typed by Alex');

  const other = await page.context().newPage();
  await other.goto(STAGING_PAGE);
  await other.getByRole('button', { name: 'Account of Alex Admin' }).click();
  await other.getByRole('menuitem', { name: 'Sign out' }).click();
  await signIn(other, EMAIL.sam);

  const answer = page.waitForResponse((response) => response.request().method() === 'POST');
  // Not a click of the mouse: it would give the tab the focus, and the tab would read its session first.
  await dialog.getByRole('button', { name: 'Create' }).evaluate((button: HTMLElement) => button.click());
  expect((await answer).status()).toBe(403);
  const notice = page.getByText('You are now signed in as Sam Okafor');
  await expect(notice).toBeVisible();
  await expect(dialog).toBeHidden();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(notice).toBeHidden();
  await expect(page.getByRole('button', { name: 'Account of Sam Okafor' })).toBeVisible();
  await expect(page.getByText('No application keys yet.')).toBeVisible();
});

test('a name is back when another tab ended the session and the same person signs in again', async ({
  open,
}) => {
  const page = await open(EMAIL.admin, STAGING_PAGE);
  await page.getByRole('button', { name: 'New Application Key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('typed before');

  const other = await page.context().newPage();
  await other.goto(STAGING_PAGE);
  await other.getByRole('button', { name: 'Account of Alex Admin' }).click();
  await other.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(other.getByLabel('Email')).toBeVisible();

  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByLabel('Email')).toBeVisible();
  // Single sign-on leaves the page too.
  await page.reload();
  await signIn(page, EMAIL.admin);
  await expect(page.getByText('Your unsaved changes are back.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('typed before');
  await expectAccessible(page);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the keys page and its dialogs are accessible in ${colorScheme}`, async ({ open }) => {
    const page = await open(EMAIL.admin, PAGE, { colorScheme });
    await expect(rowOf(page, 'cli')).toBeVisible();
    await expectAccessible(page);
    await createApplicationKey(page, `seen in ${colorScheme}`);
    await expect(page.getByRole('button', { name: 'Done' })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Done' }).click();
    for (const [role, opener] of [
      ['dialog', page.getByRole('button', { name: 'New Application Key' })],
      ['dialog', page.getByRole('link', { name: 'Edit application key cli' })],
      ['alertdialog', page.getByRole('link', { name: 'Revoke API key ci' })],
    ] as const) {
      await opener.focus();
      await page.keyboard.press('Enter');
      await expect(page.getByRole(role)).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await expect(opener).toBeFocused();
    }
    const member = await open(EMAIL.member, PAGE, { colorScheme });
    await expect(member.getByText(/You need the User App Keys permission/)).toBeVisible();
    await expectAccessible(member);
  });
}

for (const width of [1440, 1024, 390]) {
  test(`the keys page fits at ${width} pixels`, async ({ open }) => {
    const page = await open(EMAIL.admin, PAGE);
    await page.setViewportSize({ width, height: 800 });
    const expectNothingCutOff = async (what: string) => {
      const wider = await page.evaluate(() =>
        [...document.querySelectorAll('html, [role="dialog"], [role="dialog"] *')]
          .filter(
            (element) => element.tagName === 'HTML' || getComputedStyle(element).overflowX !== 'visible',
          )
          .filter((element) => element.clientWidth > 1 && element.scrollWidth > element.clientWidth)
          .map(({ tagName, className }) => `${tagName} ${className}`),
      );
      expect(wider, what).toEqual([]);
    };
    await expect(rowOf(page, 'cli')).toBeVisible();
    await expectNothingCutOff('the page');
    await page.getByRole('button', { name: 'New Application Key' }).click();
    await expect(page.getByRole('checkbox').first()).toBeVisible();
    await expectNothingCutOff('the dialog');
    await page.goBack();
    await createApplicationKey(page, `made at ${width}`);
    await expect(page.getByRole('button', { name: 'Done' })).toBeVisible();
    await expectNothingCutOff('the secret');
  });
}

test('a page opened offline says so, and loads when the network is back', async ({ open }) => {
  const page = await open(EMAIL.admin, pathOf('production'), {
    expectedErrors: /Failed to fetch dynamically imported module/,
  });
  await page.context().setOffline(true);
  await page.getByRole('link', { name: 'Keys' }).click();
  await expect(page.getByText('This page could not be loaded')).toBeVisible();
  await expect(page.getByText(/You’re offline/)).toBeVisible();
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByRole('button', { name: 'Retry' })).toBeEnabled();
  await expect(page.getByText('This page could not be loaded')).toBeVisible();

  await page.context().setOffline(false);
  await expect(page.getByRole('table', { name: 'Application keys' })).toBeVisible();
});
