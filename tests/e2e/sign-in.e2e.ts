import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Page, test as base, expect } from '@playwright/test';
import { openEmbedded } from '../../src/server/db/embedded/embedded-database.ts';
import { DIRECTORY_FILE_TEXT, EMAIL, type OrgKey, PASSWORD } from '../support/account.ts';
import { invite } from '../support/invitations.ts';
import { expectAccessible, expectNothingCutOff, pathOf } from '../support/journey.ts';
import { startProvider, type TestProvider } from '../support/oidc-provider.ts';
import { startServer } from '../support/process.ts';
import { TIME_FACTOR } from '../support/time-factor.ts';

const HEADING = { name: 'Cross-Org Visibility' };

/** The product with a provider of single sign-on, and links to invitations that were made before it started. */
interface Installation {
  url: string;
  provider: TestProvider;
  /** A link for a person who has not been invited yet. */
  links: Record<'fresh' | 'other' | 'look', string>;
}

const INVITED: Record<keyof Installation['links'], [OrgKey, string]> = {
  fresh: ['staging', 'fresh@acme.example'],
  other: ['security', EMAIL.reader],
  look: ['sandbox', 'a-person-with-a-rather-long-name@a-subsidiary-of-acme.example'],
};

const test = base.extend<object, { installation: Installation }>({
  installation: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs: nothing
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'cross-org-visibility-sign-in-'));
      const DIRECTORY_FILE = join(folder, 'directory.yaml');
      await writeFile(DIRECTORY_FILE, DIRECTORY_FILE_TEXT);
      const provider = await startProvider();
      const environment = {
        DATA_DIR: join(folder, 'data'),
        DIRECTORY_FILE,
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: provider.clientId,
        OIDC_CLIENT_SECRET: provider.clientSecret,
        OIDC_LABEL: 'Acme ID',
      };
      const first = await startServer(environment);
      await first.end('SIGTERM');
      const secrets = await inviteAll(environment.DATA_DIR);
      const server = await startServer({ ...environment, PORT: new URL(first.url).port });
      provider.serve(`${server.url}/api/console/oidc/callback`);
      await use({ url: server.url, provider, links: secrets });
      await server.end('SIGTERM');
      await provider.stop();
      await rm(folder, { recursive: true });
    },
    { scope: 'worker', timeout: 60_000 * TIME_FACTOR },
  ],

  async baseURL({ installation }, use) {
    await use(installation.url);
  },
});

test('a person signs in at the provider, and continues to the requested page', async ({
  page,
  installation,
}) => {
  await page.goto(pathOf('production', '?filter=Staging'));
  await page.getByRole('link', { name: 'Continue with Acme ID' }).click();
  await signInAtProvider(page, EMAIL.sam);
  await expect(page.getByRole('heading', HEADING)).toBeVisible();
  await expect(page).toHaveURL(`${installation.url}${pathOf('production', '?filter=Staging')}`);

  await page.getByRole('button', { name: 'Account of Sam Okafor' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Email')).toBeVisible();
});

test('a person cancels at the provider, and can sign in with a password', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Continue with Acme ID' }).click();
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect(page.getByRole('alert')).toContainText('Sign-in was canceled');
  await page.getByLabel('Email').fill(EMAIL.reader);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', HEADING)).toBeVisible();
});

test('a sign-in page that could not be loaded loads when the network is back', async ({ page }) => {
  await page.route('**/sign-in-page-*.js', (route) => route.abort());
  await page.goto('/sign-in');
  await expect(page.getByRole('button', { name: 'Reload the page' })).toBeVisible();
  await page.unroute('**/sign-in-page-*.js');
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  await expect(page.getByLabel('Email')).toBeVisible();
});

test('a person with an unknown email sees an error', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Continue with Acme ID' }).click();
  await signInAtProvider(page, 'stranger@elsewhere.example');
  await expect(page.getByRole('alert')).toContainText('Ask an administrator to invite you');
});

test('an invited person chooses a password, and later signs in with it or at the provider', async ({
  page,
  installation,
}) => {
  const referrers: string[] = [];
  page.on('request', (request) => {
    const { referer } = request.headers();
    if (referer?.includes('/invitations/') && !request.url().startsWith(installation.url))
      referrers.push(referer);
  });
  await page.goto(installation.links.fresh);
  await expect(page.getByRole('heading', { name: 'Join Acme Staging' })).toBeVisible();
  await page.getByLabel('Your name').fill('Franka Fresh');
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByLabel('Password')).toBeFocused();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByRole('button', { name: 'Account of Franka Fresh' })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(pathOf('staging')));

  await page.goto(installation.links.fresh);
  await expect(page.getByRole('heading', { name: 'Invitation not valid' })).toBeVisible();

  await page.context().clearCookies();
  await page.goto(installation.links.look);
  await page.getByRole('link', { name: 'Continue with Acme ID' }).click();
  await signInAtProvider(page, 'fresh@acme.example');
  await expect(page.getByRole('heading', { name: 'No access to this organization' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Acme Staging' })).toBeVisible();
  expect(referrers).toEqual([]);
});

test('a user of another organization joins with their account', async ({ page, installation }) => {
  await page.goto(installation.links.other);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByRole('button', { name: 'Organization: Acme Security' })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every page is accessible in ${colorScheme}`, async ({ page, installation }) => {
    await page.emulateMedia({ colorScheme });
    for (const path of ['/sign-in?error=unknown', installation.links.look, '/invitations/made-up']) {
      await page.goto(path);
      await expect(page.getByRole('heading')).toBeVisible();
      if (!path.endsWith('made-up')) await expect(page.getByLabel('Password')).toBeVisible();
      await expectAccessible(page);
    }
  });
}

for (const width of [1440, 1024, 390]) {
  test(`nothing is cut off at ${width} pixels`, async ({ page, installation }) => {
    await page.setViewportSize({ width, height: 800 });
    for (const path of ['/sign-in?error=unverified', installation.links.look]) {
      await page.goto(path);
      await expect(page.getByLabel('Password')).toBeVisible();
      await expectNothingCutOff(page);
    }
  });
}

async function signInAtProvider(page: Page, login: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(login);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function inviteAll(dataDir: string): Promise<Installation['links']> {
  const database = await openEmbedded({ dataDir });
  const link = async (name: keyof Installation['links']) => {
    const [org, email] = INVITED[name];
    return `/invitations/${await invite(database, org, email)}`;
  };
  const links = { fresh: await link('fresh'), other: await link('other'), look: await link('look') };
  await database.close();
  return links;
}
