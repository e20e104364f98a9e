import { expect, type Locator, type Page } from '@playwright/test';
import { EMAIL } from '../support/account.ts';
import { expectAccessible, expectNothingCutOff, pathOf, rowOf, tabTo, test } from '../support/journey.ts';

/** What the screen reader is told by the dialog. */
const announcement = (page: Page) => page.getByRole('dialog').locator('output').last();

/** Returns the left edge of an element's text. */
const leftOfText = (locator: Locator) =>
  locator.evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect().left;
  });

/*
 * The two numbered procedures of the seed, "Contrôles d'accès granulaires", word for word, on both sides.
 */
for (const { side, org, source, sink } of [
  { side: 'source', org: 'security', source: 'Acme Security', sink: 'Acme Payments' },
  { side: 'destination', org: 'security', source: 'Acme Production', sink: 'Acme Security' },
] as const) {
  test(`access is restricted and restored on the ${side} side`, async ({ open, product }) => {
    await product.connect('security', 'payments');
    await product.connect('production', 'security', ['metrics', 'logs']);

    // 1. Accédez à la page de visibilité inter-organisations dans les paramètres d'organisation.
    const page = await open(EMAIL.admin, pathOf(org));
    const row = rowOf(page, source, sink);
    // 2. Survolez la connexion. Les icônes Permissions et Delete apparaissent à droite.
    await row.hover();
    const padlock = row.getByRole('link', { name: /^Permissions/ });
    await expect(padlock).toBeVisible();
    await expect(row.getByRole('link', { name: /^Delete/ })).toBeVisible();
    // 3. Cliquez sur l'icône du cadenas (Permissions).
    await padlock.click();
    const dialog = page.getByRole('dialog', { name: 'Permissions' });
    // 4. Sélectionnez Restrict Access.
    await dialog.getByRole('button', { name: 'Restrict Access' }).click();
    // 5. La boîte de dialogue affiche alors les membres de votre organisation disposant de l'autorisation Viewer.
    await expect(dialog.getByRole('combobox', { name: 'Access of Acme Security' })).toHaveValue('viewer');
    // 6. Utilisez le menu déroulant pour sélectionner un ou plusieurs rôles, équipes ou utilisateurs.
    await dialog.getByRole('combobox', { name: 'Add roles, teams, or users' }).click();
    await page.getByRole('option', { name: /^Admin/ }).click();
    await page.getByRole('option', { name: /^Platform/ }).click();
    await page.keyboard.press('Escape');
    // 7. Cliquez sur Add.
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    // 8. La boîte de dialogue indique alors que le rôle sélectionné possède l'autorisation Editor.
    await expect(dialog.getByRole('combobox', { name: 'Access of Admin' })).toHaveValue('editor');
    await expect(dialog.getByRole('combobox', { name: 'Access of Platform' })).toHaveValue('editor');
    await expect(announcement(page)).toHaveText('Admin and Platform added as Editor.');
    // 9. Cliquez sur Save.
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();
    await expect(row.getByRole('link', { name: /^Permissions .*, restricted$/ })).toBeVisible();

    const editor = await open(EMAIL.editor, pathOf(org));
    const theirs = rowOf(editor, source, sink);
    await theirs.hover();
    await expect(theirs.getByRole('link', { name: /^Delete/ })).toHaveAttribute('aria-disabled', 'true');
    await theirs.getByRole('link', { name: /^Permissions/ }).click();
    await expect(editor.getByRole('dialog')).toContainText('Ask an editor: Admin and Platform');
    await expect(editor.getByRole('button', { name: 'Save' })).toBeHidden();

    // 1. Survolez la connexion pour laquelle vous souhaitez rétablir un accès général. 2. Cliquez sur le cadenas.
    await row.hover();
    await row.getByRole('link', { name: /^Permissions/ }).click();
    // 3. Cliquez sur Restore Full Access.
    await dialog.getByRole('button', { name: 'Restore Full Access' }).click();
    // 4. Cliquez sur Save.
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText('Full access to the connection is restored in Acme Security.')).toBeVisible();
    await row.hover();
    await expect(row.getByRole('link', { name: /^Permissions .*(?<!restricted)$/ })).toBeVisible();

    await editor.reload();
    await expect(editor.getByRole('dialog')).toContainText('Anyone in Acme Security');
  });
}

test('access is restricted with the keyboard alone, and each step is announced', async ({
  open,
  product,
}) => {
  const id = await product.connect('security', 'payments');
  const page = await open(EMAIL.admin, pathOf('security'));
  await expect(rowOf(page, 'Acme Security', 'Acme Payments')).toBeVisible();
  await tabTo(page, /^Permissions/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Permissions' })).toBeVisible();
  await tabTo(page, 'Restrict Access');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Add roles, teams, or users' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.type('platf');
  const options = page.getByRole('listbox').getByRole('option');
  await expect(options).toHaveText(['Platform, platform']);
  await page.keyboard.press('Enter');
  await expect(options).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('combobox', { name: 'Add roles, teams, or users' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(announcement(page)).toHaveText('Platform added as Editor.');
  await tabTo(page, 'Remove Acme Security');
  await page.keyboard.press('Enter');
  await expect(announcement(page)).toHaveText('Acme Security removed.');
  await expect(page.getByRole('button', { name: 'Remove Platform' })).toBeFocused();
  await tabTo(page, 'Save');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByText('Access to the connection is restricted in Acme Security.')).toBeVisible();
  await expect(page.getByRole('link', { name: /^Permissions of connection to Acme Payments/ })).toBeFocused();
  const policy = await product.call(
    'security',
    'GET',
    `/api/v2/restriction_policy/cross-org-connection:${id}`,
  );
  expect(await policy.text()).toMatch(/"bindings":\[\{"relation":"editor","principals":\["team:[^"]+"\]\}\]/);
});

test('Restore Full Access lines up with the text, and is below the other buttons of a narrow dialog', async ({
  open,
  product,
}) => {
  const id = await product.connect('production', 'staging');
  await product.restrict('production', id, 'Admin');
  const page = await open(EMAIL.admin, pathOf('production', `/${id}/permissions`));
  const dialog = page.getByRole('dialog', { name: 'Permissions' });
  const restore = dialog.getByRole('button', { name: 'Restore Full Access' });
  expect(await leftOfText(restore)).toBe(
    await leftOfText(dialog.getByRole('heading', { name: 'Permissions' })),
  );

  await page.setViewportSize({ width: 390, height: 844 });
  await expectNothingCutOff(page);
  await expect(restore).toBeInViewport({ ratio: 1 });
  const save = await dialog.getByRole('button', { name: 'Save' }).boundingBox();
  const below = await restore.boundingBox();
  expect(below?.y).toBeGreaterThanOrEqual((save?.y ?? Infinity) + (save?.height ?? 0));
});

test('unsaved changes are asked about, and kept by Back', async ({ open, product }) => {
  await product.connect('security', 'payments');
  const page = await open(EMAIL.admin, pathOf('security'));
  const row = rowOf(page, 'Acme Security', 'Acme Payments');
  await row.hover();
  await row.getByRole('link', { name: /^Permissions/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Permissions' });
  await dialog.getByRole('button', { name: 'Restrict Access' }).click();
  const question = page.getByRole('alertdialog', { name: 'Discard unsaved changes?' });
  for (const leave of [
    () => page.keyboard.press('Escape'),
    () => page.mouse.click(5, 5),
    () => dialog.getByRole('button', { name: 'Cancel' }).click(),
  ]) {
    await leave();
    await expect(question).toBeVisible();
    await question.getByRole('button', { name: 'Keep editing' }).click();
    await expect(question).toBeHidden();
    await expect(dialog).toBeVisible();
  }
  await page.goBack();
  await expect(dialog).toBeHidden();
  await row.hover();
  await row.getByRole('link', { name: /^Permissions/ }).click();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByRole('combobox', { name: 'Access of Acme Security' })).toHaveValue('viewer');
  await page.keyboard.press('Escape');
  await question.getByRole('button', { name: 'Discard changes' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('a save without a network fails at once, and keeps the changes', async ({ open, product }) => {
  const id = await product.connect('security', 'payments');
  const page = await open(EMAIL.admin, pathOf('security', `/${id}/permissions`));
  const dialog = page.getByRole('dialog', { name: 'Permissions' });
  await dialog.getByRole('button', { name: 'Restrict Access' }).click();
  await dialog.getByRole('button', { name: 'Admin', exact: true }).click();
  await page.context().setOffline(true);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText(/The server cannot be reached/).first()).toBeVisible();
  await page.context().setOffline(false);
  await expect(dialog.getByRole('combobox', { name: 'Access of Admin' })).toHaveValue('editor');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
});

test('a click passes through a tooltip', async ({ open, product }) => {
  await product.connect('security', 'payments');
  await product.connect('security', 'staging');
  const page = await open(EMAIL.admin, pathOf('security'));
  const padlocks = page.getByRole('link', { name: /^Permissions/ });
  await expect(padlocks).toHaveCount(2);
  await padlocks.nth(1).hover();
  await expect(page.getByRole('tooltip')).toBeVisible();
  const upper = await padlocks.nth(0).boundingBox();
  if (!upper) throw new Error('The first row has no padlock');
  await page.mouse.click(upper.x + upper.width / 2, upper.y + upper.height / 2);
  await expect(page.getByRole('dialog', { name: 'Permissions' })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the Permissions dialog is accessible in ${colorScheme}`, async ({ open, product }) => {
    const id = await product.connect('production', 'security', ['metrics', 'logs']);
    const page = await open(EMAIL.guardian, pathOf('security', `/${id}/permissions`), { colorScheme });
    const dialog = page.getByRole('dialog', { name: 'Permissions' });
    await expect(dialog.getByRole('button', { name: 'Restrict Access' })).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Restrict Access' }).click();
    await dialog.getByText('Who has access', { exact: true }).click();
    await expect(dialog.getByRole('list', { name: 'People with access' })).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole('combobox', { name: 'Add roles, teams, or users' }).click();
    await expect(page.getByRole('group', { name: 'Teams' })).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('alertdialog')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Keep editing' }).click();

    await product.restrict('security', id, 'Admin');
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
    await expect(dialog).toContainText('These permissions changed while you were editing');
    await expectAccessible(page);
    const reader = await open(EMAIL.viewer, pathOf('security', `/${id}/permissions`), { colorScheme });
    await expect(reader.getByRole('dialog')).toContainText('Ask an editor');
    await expectAccessible(reader);
  });
}

for (const width of [1440, 1024, 390]) {
  test(`the Permissions dialog fits at ${width} pixels`, async ({ open, product }) => {
    const id = await product.connect('production', 'security');
    const page = await open(EMAIL.admin, pathOf('security', `/${id}/permissions`));
    await page.setViewportSize({ width, height: 800 });
    const dialog = page.getByRole('dialog', { name: 'Permissions' });
    await dialog.getByRole('button', { name: 'Restrict Access' }).click();
    await dialog.getByText('Who has access', { exact: true }).click();
    await expect(dialog.getByRole('list', { name: 'People with access' })).toBeVisible();
    await expectNothingCutOff(page);
    expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    const box = await dialog.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
  });
}
