/**
 * Takes every picture in docs/images from the demo account, in a real browser: wide and narrow, light and dark.
 * Pictures that this file no longer takes are deleted.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { chromiumLaunchOptions } from './support/chromium.ts';
import { startServer } from './support/process.ts';

const FOLDER = join(import.meta.dirname, '../docs/images');
const SIZES: Record<string, Size> = {
  wide: { width: 1440, height: 900 },
  narrow: { width: 390, height: 844 },
};
/** Keeps the files small. */
const MAX_HEIGHT = 660;
const COLOR_SCHEMES = ['light', 'dark'] as const;

interface Size {
  width: number;
  height: number;
}

/** What each picture shows, and how Alice Moreau, an administrator of Acme Production, gets there. */
const SCENES: Record<string, (page: Page) => Promise<void>> = {
  async explore(page) {
    await openExplore(page);
  },
  async connections() {},
  async edit(page) {
    await openDialog(page, 'Edit');
  },
  async permissions(page) {
    await openDialog(page, 'Permissions');
    await page.getByRole('dialog').getByText('Administrator').first().waitFor();
  },
};

const dataDir = mkdtempSync(join(tmpdir(), 'screenshots-'));
const server = await startServer({ DATA_DIR: dataDir });
const browser = await chromium.launch(chromiumLaunchOptions(process.env.CHROMIUM));
try {
  await takeAll();
} finally {
  await browser.close();
  await server.end('SIGTERM');
  rmSync(dataDir, { recursive: true });
}

async function takeAll(): Promise<void> {
  const taken = new Set<string>();
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of COLOR_SCHEMES) {
      const context = await browser.newContext({
        baseURL: server.url,
        viewport,
        colorScheme,
        locale: 'en-GB',
        reducedMotion: 'reduce',
      });
      for (const [scene, show] of Object.entries(SCENES)) {
        const page = await context.newPage();
        await openConnections(page);
        await show(page);
        await page.waitForLoadState('networkidle');
        await page.mouse.move(0, 0);
        const name = `${scene}-${size}-${colorScheme}.png`;
        const clip = await cutBelow(page, viewport);
        await page.screenshot({ path: join(FOLDER, name), clip, animations: 'disabled', caret: 'hide' });
        await page.close();
        taken.add(name);
        console.log(`docs/images/${name}`);
      }
      await context.close();
    }
  }
  for (const name of readdirSync(FOLDER)) if (!taken.has(name)) rmSync(join(FOLDER, name));
}

/** The part of the window down to a dialog's end, or the table's: the rest only adds to the size of the file. */
async function cutBelow(page: Page, { width, height }: Size) {
  const dialog = page.getByRole('dialog');
  const box = await ((await dialog.isVisible()) ? dialog : page.getByRole('table').first()).boundingBox();
  const end = box ? Math.ceil(box.y + box.height) + 32 : height;
  return { x: 0, y: 0, width, height: Math.min(end, height, MAX_HEIGHT) };
}

async function openConnections(page: Page): Promise<void> {
  await page.goto('/');
  const table = page.getByRole('table');
  const alice = page.getByRole('button', { name: 'Continue as Alice Moreau' });
  await table.or(alice).first().waitFor();
  if (await alice.isVisible()) await alice.click();
  await table.getByText('Acme Security').first().waitFor();
}

/** Opens Explore with the sum of the events of Acme Payments and Acme Production. */
async function openExplore(page: Page): Promise<void> {
  const source = await page.evaluate(async (org) => {
    const response = await fetch('/api/v2/org', { headers: { 'X-Organization-Id': org } });
    const { included } = (await response.json()) as {
      included: { id: string; attributes: { name: string } }[];
    };
    return included.find(({ attributes }) => attributes.name === 'Acme Payments')?.id;
  }, orgIn(page));
  const query = 'sum:datadog.estimated_usage.events.ingested_events{*} by {service}.as_count()';
  const definition = {
    type: 'timeseries',
    requests: [
      {
        response_format: 'timeseries',
        display_type: 'line',
        formulas: [{ formula: 'a + b' }],
        queries: [
          { data_source: 'metrics', name: 'a', query },
          { data_source: 'metrics', name: 'b', query, cross_org_uuids: [source] },
        ],
      },
    ],
  };
  const state = new URLSearchParams({ widget: JSON.stringify(definition), time: '4h', paused: '1' });
  await page.goto(`/orgs/${orgIn(page)}/explore#${state.toString()}`);
  const found = page.getByRole('table').getByText('service:').first();
  // The demo's telemetry is made in the first seconds.
  const none = page.getByText('No data in this time range.');
  for (await found.or(none).waitFor(); await none.isVisible(); await found.or(none).waitFor()) {
    await page.waitForTimeout(2000);
    await page.reload();
  }
}

function orgIn(page: Page): string {
  return new URL(page.url()).pathname.split('/')[2] ?? '';
}

/** Opens a dialog of the connection from Acme Production to Acme Security, which has a restriction policy. */
async function openDialog(page: Page, action: string): Promise<void> {
  const row = page
    .getByRole('row')
    .filter({ has: page.getByRole('cell').nth(0).filter({ hasText: 'Acme Production' }) })
    .filter({ has: page.getByRole('cell').nth(1).filter({ hasText: 'Acme Security' }) });
  await row.hover();
  await row.getByRole('link', { name: new RegExp(`^${action}`) }).click();
  await page.getByRole('dialog').waitFor();
}
