import { type Context, Hono } from 'hono';
import {
  DatasetRequest,
  type DatasetResponse,
  type DatasetsResponse,
} from '../../contract/datasets/schema.ts';
import { requirePermission } from '../../rules/access.ts';
import {
  parseDatasetPrincipals,
  requireDistinct,
  requireFilters,
  requireRoomForDataset,
} from '../../rules/datasets.ts';
import { unknown } from '../../rules/directory.ts';
import { type ScopedDb, scoped, snapshot } from '../db/scope.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { idOf, readBody } from '../http/validate.ts';
import {
  type DatasetRow,
  deleteDataset,
  findDataset,
  insertDataset,
  listDatasets,
  type NewDataset,
  replaceDataset,
} from '../store/datasets.ts';
import { lockOrg } from '../store/orgs.ts';
import { presentDataset } from '../present/datasets.ts';

/** `/api/v2/datasets`: data that only some roles and teams may see. All of it is for who manages access. */
export function datasets(dependencies: Dependencies) {
  const { db } = dependencies;
  return new Hono<AppEnv>({ strict: false })
    .use(authenticate(dependencies))
    .use(async (c, next) => {
      requirePermission(c.var.actor.permissions, 'user_access_manage');
      await next();
    })

    .get('/', async (c) => {
      const { actor } = c.var;
      const rows = await snapshot(db, actor, (db) => listDatasets(db, actor.orgId));
      return c.json({ data: rows.map(presentDataset) } satisfies DatasetsResponse);
    })

    .post('/', async (c) => {
      const { actor } = c.var;
      const wanted = await readDataset(c);
      const row = await scoped(db, actor, async (db) => {
        const others = await lockDatasets(db, actor.orgId);
        requireRoomForDataset(actor.orgId, others.length);
        requireDistinct(wanted, others);
        return datasetOf(db, actor.orgId, await insertDataset(db, actor, wanted));
      });
      return c.json({ data: presentDataset(row) } satisfies DatasetResponse);
    })

    .get('/:dataset_id', async (c) => {
      const { actor } = c.var;
      const id = datasetId(c);
      const row = await snapshot(db, actor, (db) => datasetOf(db, actor.orgId, id));
      return c.json({ data: presentDataset(row) } satisfies DatasetResponse);
    })

    .put('/:dataset_id', async (c) => {
      const { actor } = c.var;
      const id = datasetId(c);
      const wanted = await readDataset(c);
      const row = await scoped(db, actor, async (db) => {
        const all = await lockDatasets(db, actor.orgId);
        if (!all.some((known) => known.id === id)) throw unknown('dataset', id);
        requireDistinct(
          wanted,
          all.filter((known) => known.id !== id),
        );
        if (!(await replaceDataset(db, actor, id, wanted))) throw unknown('dataset', id);
        return datasetOf(db, actor.orgId, id);
      });
      return c.json({ data: presentDataset(row) } satisfies DatasetResponse);
    })

    .delete('/:dataset_id', async (c) => {
      const { actor } = c.var;
      const id = datasetId(c);
      const deleted = await scoped(db, actor, (db) => deleteDataset(db, actor.orgId, id));
      if (!deleted) throw unknown('dataset', id);
      return c.body(null, 204);
    });
}

function datasetId(c: Context<AppEnv, '/:dataset_id'>): string {
  return idOf('dataset', c.req.param('dataset_id'));
}

/** What the body says of a dataset, which can be read and is sound in itself. */
async function readDataset(c: Context): Promise<NewDataset> {
  const { data } = await readBody(c, DatasetRequest);
  const { name, principals, product_filters } = data.attributes;
  requireFilters(product_filters);
  return { name, principals: parseDatasetPrincipals(principals), productFilters: product_filters };
}

/** All datasets of the organization, to which nobody adds another until the transaction ends. */
async function lockDatasets(db: ScopedDb, orgId: string) {
  await lockOrg(db, orgId);
  const rows = await listDatasets(db, orgId);
  return rows.map(({ id, name, product_filters }) => ({ id, name, productFilters: product_filters }));
}

async function datasetOf(db: ScopedDb, orgId: string, id: string): Promise<DatasetRow> {
  const row = await findDataset(db, orgId, id);
  if (!row) throw unknown('dataset', id);
  return row;
}
