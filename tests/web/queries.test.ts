import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createQueryClient } from '../../src/web/api/query-client.ts';
import { connectionsOptions } from '../../src/web/features/connections/queries.ts';
import { EMAIL, ORG } from '../support/account.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { openTestDatabase } from '../support/databases.ts';
import { connectNetwork } from '../support/render-page.tsx';

let app: TestApp;
beforeAll(async () => {
  app = await startApp(await openTestDatabase({ thread: 'main' }));
});
afterAll(() => app.database.close());

it('loads all pages of connections', async () => {
  await sql`
    with source as (
      insert into org (account_id, name, site)
      select account_id, 'Team ' || number, site from org, generate_series(1, 1001) number where id = ${ORG.production}
      returning id, account_id, site
    )
    insert into org_connection (account_id, site, source_org_id, sink_org_id, connection_types, created_by)
    select source.account_id, source.site, source.id, ${ORG.production}, '{metrics}', "user".id
    from source, "user" where "user".org_id = ${ORG.production} and "user".account_id = source.account_id
    and "user".person_id = (select id from person where email = ${EMAIL.admin})
  `.execute(app.database.db);
  const network = await connectNetwork(app, EMAIL.admin);

  const connections = await createQueryClient().fetchQuery(connectionsOptions(ORG.production));

  expect(new Set(connections.map(({ id }) => id)).size).toBe(1001);
  expect(network.requests.filter((request) => request.endsWith('/org_connections'))).toHaveLength(2);
});
