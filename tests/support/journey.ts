import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import type { PrincipalSearchResponse } from '../../src/contract/access/schema.ts';
import { adminKeys, connectionTo, DIRECTORY_FILE_TEXT, ORG, type OrgKey, PASSWORD } from './account.ts';
import { type ServerProcess, startServer } from './process.ts';
import { translatePage } from './translate.ts';
import { TIME_FACTOR } from './time-factor.ts';

export function pathOf(org: OrgKey, rest = ''): string {
  return `/orgs/${ORG[org]}/settings/cross-org-visibility${rest}`;
}

/** The product, started for the browser tests of one worker. */
export interface Product {
  url: string;
  /** Connects two organizations through the API; returns the connection's id. */
  connect(source: OrgKey, sink: OrgKey, types?: string[]): Promise<string>;
  /** Limits editing of a connection to the users of a role, by the policy of one side. */
  restrict(org: OrgKey, connectionId: string, role: string): Promise<void>;
  call(org: OrgKey, method: string, path: string, body?: unknown): Promise<Response>;
  /** Restarts the product with the same data and address. */
  restart(): Promise<void>;
}

interface Fixtures {
  /** Signs a person in on a new page, and opens a path. */
  open: (email: string, path: string, options?: OpenOptions) => Promise<Page>;
}

interface OpenOptions {
  colorScheme?: 'light' | 'dark';
  /** Errors in the browser console that the journey causes. All others fail the test. */
  expectedErrors?: RegExp;
}

export const test = base.extend<Fixtures, { product: Product }>({
  product: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs: nothing
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'cross-org-visibility-journey-'));
      const file = join(folder, 'directory.yaml');
      await writeFile(file, DIRECTORY_FILE_TEXT);
      const environment = { DATA_DIR: join(folder, 'data'), DIRECTORY_FILE: file };
      let server: ServerProcess = await startServer(environment);
      const { url } = server;
      const call: Product['call'] = (org, method, path, body) =>
        fetch(`${url}${path}`, {
          method,
          headers: adminKeys(org),
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
      await use({
        url,
        call,
        async connect(source, sink, types = ['metrics']) {
          const response = await call(
            source,
            'POST',
            '/api/v2/org_connections',
            connectionTo(ORG[sink], { connection_types: types }),
          );
          const { data } = (await response.json()) as { data: { id: string } };
          return data.id;
        },
        async restrict(org, connectionId, role) {
          const search = await call(org, 'GET', `/api/console/principals?search=${role}`);
          const { principals } = (await search.json()) as PrincipalSearchResponse;
          const id = `cross-org-connection:${connectionId}`;
          const bindings = [
            { relation: 'editor', principals: principals.slice(0, 1).map(({ principal }) => principal) },
          ];
          const response = await call(org, 'POST', `/api/v2/restriction_policy/${id}`, {
            data: { type: 'restriction_policy', id, attributes: { bindings } },
          });
          if (!response.ok) throw new Error(await response.text());
        },
        async restart() {
          await server.end('SIGTERM');
          server = await startServer({ ...environment, PORT: new URL(url).port });
        },
      });
      await server.end('SIGTERM');
      await rm(folder, { recursive: true });
    },
    { scope: 'worker', timeout: 60_000 * TIME_FACTOR },
  ],

  async page({ page }, use) {
    await page.addInitScript(translatePage);
    await use(page);
  },

  async open({ browser, product }, use) {
    const problems: string[] = [];
    const contexts: { close(): Promise<void> }[] = [];
    await forgetConnections(product);
    await use(async (email, path, { expectedErrors, ...options } = {}) => {
      const context = await browser.newContext({ baseURL: product.url, ...options });
      contexts.push(context);
      // Journeys walk a translated page, which is harder; checks of colors need the page as it is.
      if (options.colorScheme === undefined) await context.addInitScript(translatePage);
      const page = await context.newPage();
      watch(page, problems, expectedErrors);
      await page.goto(path);
      await signIn(page, email);
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
    expect(problems, 'errors in the browser console').toEqual([]);
  },
});

/** Signs a person in on the sign-in page, and waits for the next page. */
export async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

/** Returns the row of the connection between two organizations, by their names. */
export function rowOf(page: Page, source: string, sink: string): Locator {
  return page
    .getByRole('row')
    .filter({ has: page.getByRole('cell').nth(0).filter({ hasText: source }) })
    .filter({ has: page.getByRole('cell').nth(1).filter({ hasText: sink }) });
}

/** Presses Tab until the control of this name has the focus. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const labels =
        element instanceof HTMLButtonElement || element instanceof HTMLInputElement ? element.labels : null;
      return element?.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? element?.textContent ?? '';
    });
    if (typeof name === 'string' ? focused.trim() === name : name.test(focused.trim())) return;
  }
  throw new Error(`Tab does not reach ${String(name)}`);
}

/** Expects no accessibility faults that a machine can find. */
export async function expectAccessible(page: Page, { isLoading = false } = {}): Promise<void> {
  // What loads soon would replace what is being checked, or fade in during the check.
  if (!isLoading) await expect(page.getByRole('dialog').getByText('Loading')).toHaveCount(0);
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

/** Expects nothing on the page to be wider than the window. */
export async function expectNothingCutOff(page: Page): Promise<void> {
  const wider = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wider, page.url()).toBe(0);
}

/** Waits for the end of transitions, during which colors cannot be checked. Ignores spinners and skeletons, which never end. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        ({ playState, effect }) =>
          playState !== 'running' || effect?.getComputedTiming().endTime === Infinity,
      ),
  );
}

function watch(page: Page, problems: string[], expected?: RegExp): void {
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    // Chromium reports every refused request as an error of its own.
    const refused = message.text().startsWith('Failed to load resource');
    const isExpected = refused || expected?.test(message.text()) === true;
    if (message.type() === 'error' && !isExpected) problems.push(message.text());
  });
}

async function forgetConnections(product: Product): Promise<void> {
  for (const org of Object.keys(ORG) as OrgKey[]) {
    const response = await product.call(org, 'GET', `/api/v2/org_connections?source_org_id=${ORG[org]}`);
    const { data } = (await response.json()) as { data: { id: string }[] };
    for (const { id } of data) await product.call(org, 'DELETE', `/api/v2/org_connections/${id}`);
  }
}
