import { type Actor, requirePermission } from '../../rules/access.ts';
import { requireDistinct, requireRoomForDataset } from '../../rules/datasets.ts';
import { unknown } from '../../rules/directory.ts';
import type { ScopedDb } from '../db/scope.ts';
import {
  deleteDataset as deleteDatasetRow,
  insertDataset,
  listDatasets,
  type NewDataset,
  replaceDataset as replaceDatasetRow,
} from '../store/datasets.ts';
import { lockOrg } from '../store/orgs.ts';
import type { Changed } from './change.ts';

/**
 * Creates a dataset and returns its id.
 *
 * @throws DomainError `conflict` if its name or one of its filters is taken, `refused` if there are too many
 */
export async function createDataset(
  tx: ScopedDb,
  actor: Actor,
  wanted: NewDataset,
): Promise<Changed<string>> {
  requirePermission(actor.permissions, 'user_access_manage');
  const others = await lockDatasets(tx, actor.orgId);
  requireRoomForDataset(actor.orgId, others.length);
  requireDistinct(wanted, others);
  const id = await insertDataset(tx, actor, wanted);
  return { result: id, event: { action: 'created', resource: { type: 'dataset', id }, after: wanted } };
}

/**
 * Replaces a dataset.
 *
 * @throws DomainError `not_found`, or as {@link createDataset}
 */
export async function replaceDataset(
  tx: ScopedDb,
  actor: Actor,
  id: string,
  wanted: NewDataset,
): Promise<Changed<string>> {
  requirePermission(actor.permissions, 'user_access_manage');
  const all = await lockDatasets(tx, actor.orgId);
  const before = all.find((known) => known.id === id);
  if (!before) throw unknown('dataset', id);
  requireDistinct(
    wanted,
    all.filter((known) => known.id !== id),
  );
  if (!(await replaceDatasetRow(tx, actor, id, wanted))) throw unknown('dataset', id);
  return {
    result: id,
    event: { action: 'modified', resource: { type: 'dataset', id }, before, after: wanted },
  };
}

/**
 * Deletes a dataset: its data are no longer restricted.
 *
 * @throws DomainError `not_found`
 */
export async function deleteDataset(tx: ScopedDb, actor: Actor, id: string): Promise<Changed<void>> {
  requirePermission(actor.permissions, 'user_access_manage');
  const all = await lockDatasets(tx, actor.orgId);
  const before = all.find((known) => known.id === id);
  if (!before || !(await deleteDatasetRow(tx, actor.orgId, id))) throw unknown('dataset', id);
  return { result: undefined, event: { action: 'deleted', resource: { type: 'dataset', id }, before } };
}

/** Returns the organization's datasets and locks them, so that none is added until the transaction ends. */
async function lockDatasets(tx: ScopedDb, orgId: string) {
  await lockOrg(tx, orgId);
  const rows = await listDatasets(tx, orgId);
  return rows.map(({ id, name, principals, product_filters }) => ({
    id,
    name,
    principals,
    productFilters: product_filters,
  }));
}
