import { type Context, Hono } from 'hono';
import {
  DatasetRequest,
  type DatasetResponse,
  type DatasetsResponse,
} from '../../contract/datasets/schema.ts';
import { requirePermission } from '../../rules/access.ts';
import { parseDatasetPrincipals, requireFilters } from '../../rules/datasets.ts';
import { unknown } from '../../rules/directory.ts';
import { change } from '../changes/change.ts';
import { createDataset, deleteDataset, replaceDataset } from '../changes/datasets.ts';
import { type ScopedDb, snapshot } from '../db/scope.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { AppEnv, Dependencies } from '../http/env.ts';
import { idOf, readBody } from '../http/validate.ts';
import { type DatasetRow, findDataset, listDatasets, type NewDataset } from '../store/datasets.ts';
import { presentDataset } from '../present/datasets.ts';

/** `/api/v2/datasets`: data that only some roles and teams may see. All calls need `user_access_manage`. */
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
      const row = await change(
        dependencies,
        actor,
        (tx, actor) => createDataset(tx, actor, wanted),
        (tx, id) => datasetOf(tx, actor.orgId, id),
      );
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
      const row = await change(
        dependencies,
        actor,
        (tx, actor) => replaceDataset(tx, actor, id, wanted),
        (tx) => datasetOf(tx, actor.orgId, id),
      );
      return c.json({ data: presentDataset(row) } satisfies DatasetResponse);
    })

    .delete('/:dataset_id', async (c) => {
      const { actor } = c.var;
      const id = datasetId(c);
      await change(dependencies, actor, (tx, actor) => deleteDataset(tx, actor, id));
      return c.body(null, 204);
    });
}

function datasetId(c: Context<AppEnv, '/:dataset_id'>): string {
  return idOf('dataset', c.req.param('dataset_id'));
}

/** Parses and validates a dataset of a body. */
async function readDataset(c: Context): Promise<NewDataset> {
  const { data } = await readBody(c, DatasetRequest);
  const { name, principals, product_filters } = data.attributes;
  requireFilters(product_filters);
  return { name, principals: parseDatasetPrincipals(principals), productFilters: product_filters };
}

async function datasetOf(db: ScopedDb, orgId: string, id: string): Promise<DatasetRow> {
  const row = await findDataset(db, orgId, id);
  if (!row) throw unknown('dataset', id);
  return row;
}
