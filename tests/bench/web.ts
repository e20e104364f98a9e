/**
 * Measures the chart of Explore in a real browser: the main thread's time for the first draw of 20 series of 1,500 points, and
 * for a move of the pointer. Prints both, beside a page that shows only the editor. Ratios compare; times depend on the machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CDPSession, chromium, type Page } from '@playwright/test';
import { chromiumLaunchOptions } from '../support/chromium.ts';
import { startServer } from '../support/process.ts';

const SERIES = 20;
const POINTS = 1500;
const MOVES = 200;
const MINUTE = 60_000;

const dataDir = mkdtempSync(join(tmpdir(), 'bench-web-'));
const server = await startServer({ DATA_DIR: dataDir });
const browser = await chromium.launch(chromiumLaunchOptions(process.env.CHROMIUM));
try {
  const page = await browser.newPage({ baseURL: server.url, viewport: { width: 1440, height: 900 } });
  const explore = await openExplore(page);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');

  for (const [index, display] of ['line', 'area', 'bars', 'line', 'area', 'bars'].entries()) {
    const answered = Promise.withResolvers<void>();
    await page.unroute('**/api/v2/query/timeseries');
    await page.route('**/api/v2/query/timeseries', (route) =>
      answered.promise.then(() => route.fulfill({ json: answer() })),
    );
    await page.goto('about:blank');
    await page.goto(`${explore}#${address(display, index)}`);
    await page.getByRole('button', { name: 'Add Query' }).waitFor();
    await page.waitForTimeout(1500);
    const draw = await busyTime(cdp, async () => {
      answered.resolve();
      await page.getByRole('slider').waitFor();
      await page.waitForTimeout(1000);
    });
    print(`first draw, ${display}`, draw);
  }

  const box = await page.getByRole('slider').boundingBox();
  if (box === null) throw new Error('There is no chart');
  const moving = await busyTime(cdp, async () => {
    for (let move = 0; move < MOVES; move += 1) {
      await page.mouse.move(box.x + 80 + (move / MOVES) * (box.width - 100), box.y + 100 + (move % 7));
    }
  });
  const idle = await busyTime(cdp, async () => {
    for (let move = 0; move < MOVES; move += 1) await page.mouse.move(5 + (move % 50), 20 + (move % 3));
  });
  print('pointer move over the chart', moving, MOVES);
  print('pointer move beside it', idle, MOVES);
} finally {
  await browser.close();
  await server.end('SIGTERM');
  rmSync(dataDir, { recursive: true });
}

/** Signs in to the demo, and returns the path of Explore. */
async function openExplore(page: Page): Promise<string> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Continue as Alice Moreau' }).click();
  await page.waitForURL('**/orgs/**');
  return new URL(page.url()).pathname.replace(/settings\/.*/, 'explore');
}

function address(display: string, index: number): string {
  const definition = {
    type: 'timeseries',
    requests: [
      {
        queries: [
          { data_source: 'metrics', name: 'a', query: `avg:bench.${display}.x${index}{*} by {service}` },
        ],
        formulas: [{ formula: 'a' }],
        display_type: display,
      },
    ],
  };
  return new URLSearchParams({ widget: JSON.stringify(definition), time: '1d', paused: '1' }).toString();
}

function answer() {
  const begin = Date.now() - POINTS * MINUTE;
  const attributes = {
    times: Array.from({ length: POINTS }, (_, index) => begin + index * MINUTE),
    series: Array.from({ length: SERIES }, (_, index) => ({
      group_tags: [`service:service-${index}`],
      query_index: 0,
      unit: null,
    })),
    values: Array.from({ length: SERIES }, (_, series) =>
      Array.from({ length: POINTS }, (__, index) => 100 + 50 * Math.sin(index / 40 + series) + series * 20),
    ),
  };
  return { data: { id: '0', type: 'timeseries_response', attributes } };
}

interface Busy {
  /** Scripts, styles and layout, in milliseconds. */
  work: number;
  /** All tasks of the main thread, painting included, in milliseconds. */
  total: number;
}

/** Returns the time of the main thread during `work`. */
async function busyTime(cdp: CDPSession, work: () => Promise<void>): Promise<Busy> {
  const before = await readBusy(cdp);
  await work();
  const after = await readBusy(cdp);
  return { work: after.work - before.work, total: after.total - before.total };
}

async function readBusy(cdp: CDPSession): Promise<Busy> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  const seconds = new Map(metrics.map(({ name, value }) => [name, value]));
  const sum = (...names: string[]) =>
    names.reduce((total, name) => total + (seconds.get(name) ?? 0) * 1000, 0);
  return { work: sum('ScriptDuration', 'RecalcStyleDuration', 'LayoutDuration'), total: sum('TaskDuration') };
}

function print(what: string, { work, total }: Busy, times = 1): void {
  console.log(`${what}: ${(work / times).toFixed(2)} ms, with painting ${(total / times).toFixed(2)} ms`);
}
