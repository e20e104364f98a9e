import { expect, type Locator, type Page } from '@playwright/test';
import { EMAIL, ORG, type OrgKey } from '../support/account.ts';
import { expectAccessible, expectNothingCutOff, type Product, tabTo, test } from '../support/journey.ts';

const PAGE = `/orgs/${ORG.production}/explore`;
const METRIC = 'datadog.estimated_usage.events.ingested_events';

/** Sends an hour of a count to an organization, a point each minute. */
async function sendEvents(product: Product, org: OrgKey, service: string, value: number): Promise<void> {
  const now = Math.floor(Date.now() / 60_000) * 60;
  const points = Array.from({ length: 30 }, (_, minute) => ({ timestamp: now - minute * 60, value }));
  const tags = ['env:prod', `service:${service}`];
  const series = [{ metric: METRIC, type: 1, tags, points }];
  expect((await product.call(org, 'POST', '/api/v2/series', { series })).status).toBe(202);
}

/** Two organizations with events of the same service, the source connected to Acme Production. */
async function prepare(product: Product): Promise<string> {
  await sendEvents(product, 'security', 'web', 2);
  await sendEvents(product, 'production', 'web', 1);
  return product.connect('security', 'production', ['metrics', 'logs']);
}

const query = (page: Page, name: string) => page.getByRole('region', { name: `Query ${name}`, exact: true });
const chart = (page: Page) => page.getByRole('slider', { name: /^Chart of/ });
const seriesTable = (page: Page) => page.getByRole('table', { name: 'Series' });

/** Types a part of a metric's name and takes the suggestion. */
async function chooseMetric(row: Locator): Promise<void> {
  await row.getByRole('combobox', { name: 'Metric' }).fill('ingested');
  await row.getByRole('option', { name: METRIC }).click();
}

async function chooseSource(page: Page, row: Locator, name: string): Promise<void> {
  await row.getByRole('combobox', { name: 'Organization' }).click();
  await page.getByRole('option', { name }).click();
}

test('a user adds up the events of two organizations by mouse', async ({ open, product }) => {
  await prepare(product);
  const page = await open(EMAIL.admin, PAGE);
  await expect(page.getByText('Choose a metric to begin.')).toBeVisible();
  const a = query(page, 'a');
  await chooseMetric(a);
  await a.getByRole('combobox', { name: 'Aggregation' }).selectOption('Sum');
  await a.getByRole('combobox', { name: 'Group by' }).fill('service');
  await a.getByRole('combobox', { name: 'As' }).selectOption('Count');
  await page.getByRole('button', { name: 'Duplicate query a' }).click();
  await chooseSource(page, query(page, 'b'), 'Acme Security');
  await page.getByRole('button', { name: 'Add Formula' }).click();

  const row = seriesTable(page).getByRole('row').nth(1);
  await expect(row).toContainText('service:web');
  await expect(row).toContainText('Acme Production and Acme Security');
  await expect(row.getByRole('cell').nth(4)).toHaveText('3');
  await expectAccessible(page);
  await expectNothingCutOff(page);

  await page.reload();
  await expect(row).toContainText('service:web');
  await expect(page.getByRole('textbox', { name: 'Alias' })).toHaveCount(1);

  // The same link, opened by another person.
  const other = await open(EMAIL.reader, new URL(page.url()).pathname + new URL(page.url()).hash);
  await expect(seriesTable(other).getByRole('row').nth(1)).toContainText('service:web');
});

test('a user builds the same with the keyboard alone', async ({ open, product }) => {
  await prepare(product);
  const page = await open(EMAIL.admin, PAGE);
  await expect(page.getByText('Choose a metric to begin.')).toBeVisible();
  await tabTo(page, 'Metric');
  await page.keyboard.type('ingested');
  await expect(page.getByRole('option', { name: METRIC })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Group by');
  await page.keyboard.type('service');
  await page.keyboard.press('Escape');
  await tabTo(page, 'Duplicate query a');
  await page.keyboard.press('Enter');
  await expect(query(page, 'b')).toBeVisible();
  await query(page, 'b').getByRole('combobox', { name: 'Data type' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Security');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Add Formula');
  await page.keyboard.press('Enter');
  await expect(seriesTable(page).getByRole('row').nth(1)).toContainText('Acme Production and Acme Security');

  await chart(page).focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('status').filter({ hasText: 'service:web' })).toContainText(/service:web \d/);
  await page.keyboard.press('Escape');
});

test('a pasted definition is drawn, and its unknown parts are kept', async ({ open, product }) => {
  await prepare(product);
  const page = await open(EMAIL.admin, PAGE);
  await page.getByText('JSON', { exact: true }).click();
  const text = `sum:${METRIC}{env:prod} by {service}.as_count()`;
  const definition = {
    viz: 'timeseries',
    requests: [
      {
        style: { palette: 'dog_classic', type: 'solid', width: 'normal' },
        type: 'bars',
        formulas: [{ formula: 'query2 + query1' }],
        queries: [
          { name: 'query2', data_source: 'metrics', query: text, cross_org_uuids: [ORG.security] },
          { name: 'query1', data_source: 'metrics', query: text },
        ],
        response_format: 'timeseries',
      },
    ],
    yaxis: { scale: 'log' },
  };
  const json = page.getByRole('textbox', { name: 'JSON' });
  await json.fill('{');
  await expect(page.getByRole('alert')).toContainText('This is not JSON.');
  await json.fill(JSON.stringify(definition));
  await expect(seriesTable(page).getByRole('row').nth(1)).toContainText('service:web');
  await page.getByText('Form', { exact: true }).click();
  await query(page, 'query1').getByRole('combobox', { name: 'From' }).fill('service:web');
  await page.getByText('JSON', { exact: true }).click();
  const kept = JSON.parse(await json.inputValue()) as typeof definition;
  expect(kept.yaxis).toEqual(definition.yaxis);
  expect(kept.requests[0]?.style).toEqual(definition.requests[0]?.style);
  expect(kept.requests[0]?.queries[1]?.query).toBe(text.replace('env:prod', 'service:web'));

  await page.getByText('API request', { exact: true }).click();
  await expect(page.getByRole('textbox', { name: 'API request' })).toHaveValue(/timeseries_request/);
});

test('a query whose connection is gone says so, while its neighbor goes on', async ({ open, product }) => {
  const id = await prepare(product);
  const definition = {
    type: 'timeseries',
    requests: [
      {
        response_format: 'timeseries',
        formulas: [{ formula: 'a' }, { formula: 'b' }],
        queries: [
          { name: 'a', data_source: 'metrics', query: `avg:${METRIC}{*}`, cross_org_uuids: [ORG.security] },
          { name: 'b', data_source: 'metrics', query: `avg:${METRIC}{*}` },
        ],
      },
    ],
  };
  const hash = new URLSearchParams({ widget: JSON.stringify(definition), time: '1h' }).toString();
  const page = await open(EMAIL.admin, `${PAGE}#${hash}`);
  await expect(seriesTable(page).getByRole('row')).toHaveCount(3);
  await product.call('security', 'DELETE', `/api/v2/org_connections/${id}`);
  await page.reload();
  await expect(page.getByText(/^a: /)).toContainText('no longer shares');
  await expect(seriesTable(page).getByRole('row')).toHaveCount(2);
  await expect(query(page, 'a').getByText('No connection from this organization exists')).toBeVisible();
  await expectAccessible(page);
});

test('without an inbound connection there is no choice of organizations', async ({ open, product }) => {
  await product.connect('production', 'staging');
  const page = await open(EMAIL.admin, PAGE);
  await expect(query(page, 'a').getByRole('combobox', { name: 'Metric' })).toBeVisible();
  await expect(query(page, 'a').getByRole('combobox', { name: 'Organization' })).toHaveCount(0);
});

test('a user who is not in the policy of the destination sees the reason, not the data', async ({
  open,
  product,
}) => {
  const id = await prepare(product);
  await product.restrict('production', id, 'Admin');
  const definition = {
    type: 'timeseries',
    requests: [
      {
        queries: [
          { name: 'a', data_source: 'metrics', query: `avg:${METRIC}{*}`, cross_org_uuids: [ORG.security] },
        ],
      },
    ],
  };
  const hash = new URLSearchParams({ widget: JSON.stringify(definition) }).toString();
  const page = await open(EMAIL.reader, `${PAGE}#${hash}`);
  await expect(page.getByText(/^a: Only viewers and editors/)).toBeVisible();
  await expect(query(page, 'a').getByText(/^Only viewers and editors/)).toBeVisible();
  await expect(seriesTable(page)).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every kind of picture is accessible in ${colorScheme}`, async ({ open, product }) => {
    await prepare(product);
    const page = await open(EMAIL.admin, PAGE, { colorScheme });
    await chooseMetric(query(page, 'a'));
    for (const kind of ['Timeseries', 'Query value', 'Top list', 'Table']) {
      await page.getByText(kind, { exact: true }).first().click();
      await expect(page.locator('[aria-busy="false"]')).toBeVisible();
      await expectAccessible(page);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNothingCutOff(page);
    await expectAccessible(page);
  });
}
