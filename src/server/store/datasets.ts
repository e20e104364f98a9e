import { sql } from 'kysely';
import type { ProductFilters } from '../../contract/datasets/constants.ts';
import type { Principal } from '../../contract/restriction-policies/constants.ts';
import { datasetNameTaken } from '../../rules/datasets.ts';
import { DomainError } from '../../rules/errors.ts';
import { unknownPrincipals } from '../../rules/restriction-policies.ts';
import type { Scope, ScopedDb } from '../db/scope.ts';
import { violates } from '../db/violates.ts';
import { listUnknownPrincipals } from './restriction-policies.ts';

/** A dataset with its principals. */
export interface DatasetRow {
  id: string;
  name: string;
  principals: Principal[];
  product_filters: ProductFilters[];
  created_by: string;
  created_at: string;
}

/** A dataset as a client sends it. */
export interface NewDataset {
  name: string;
  principals: readonly Principal[];
  productFilters: readonly ProductFilters[];
}

/** Lists all datasets of an organization, oldest first. */
export async function listDatasets(db: ScopedDb, orgId: string): Promise<DatasetRow[]> {
  const rows = await datasetsOf(db, orgId).orderBy('d.created_at').orderBy('d.id').execute();
  return rows.map(typed);
}

/** Finds a dataset of an organization. */
export async function findDataset(db: ScopedDb, orgId: string, id: string): Promise<DatasetRow | undefined> {
  const row = await datasetsOf(db, orgId).where('d.id', '=', id).executeTakeFirst();
  return row && typed(row);
}

/**
 * Creates a dataset and returns its id. The caller holds the organization's lock (`lockOrg`).
 *
 * @throws DomainError `conflict` if the name is taken; `refused` for unknown principals
 */
export async function insertDataset(
  db: ScopedDb,
  { accountId, orgId, userId }: Scope & { userId: string },
  { name, principals, productFilters }: NewDataset,
): Promise<string> {
  const { id } = await named(name, () =>
    db
      .insertInto('dataset')
      .values({
        account_id: accountId,
        org_id: orgId,
        name,
        product_filters: JSON.stringify(productFilters),
        created_by: userId,
      })
      .returning('id')
      .executeTakeFirstOrThrow(),
  );
  await insertPrincipals(db, { accountId, orgId }, id, principals);
  return id;
}

/** Replaces a dataset; returns whether it exists. Throws as {@link insertDataset}. */
export async function replaceDataset(
  db: ScopedDb,
  { accountId, orgId }: Scope,
  id: string,
  { name, principals, productFilters }: NewDataset,
): Promise<boolean> {
  const row = await named(name, () =>
    db
      .updateTable('dataset')
      .set({ name, product_filters: JSON.stringify(productFilters) })
      .where('org_id', '=', orgId)
      .where('id', '=', id)
      .returning('id')
      .executeTakeFirst(),
  );
  if (!row) return false;
  await db.deleteFrom('dataset_principal').where('org_id', '=', orgId).where('dataset_id', '=', id).execute();
  await insertPrincipals(db, { accountId, orgId }, id, principals);
  return true;
}

/** Deletes a dataset; returns whether it existed. */
export async function deleteDataset(db: ScopedDb, orgId: string, id: string): Promise<boolean> {
  const row = await db
    .deleteFrom('dataset')
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

async function named<Result>(name: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (violates(error, 'dataset_name')) throw datasetNameTaken(name);
    throw error;
  }
}

const PRINCIPAL_KEYS = ['dataset_principal_role', 'dataset_principal_team'];

async function insertPrincipals(
  db: ScopedDb,
  { accountId, orgId }: Scope,
  id: string,
  principals: readonly Principal[],
): Promise<void> {
  if (principals.length === 0) return;
  const missing = await listUnknownPrincipals(db, orgId, principals);
  if (missing.length > 0) throw unknownPrincipals(missing);
  const columns = { account_id: accountId, org_id: orgId, dataset_id: id };
  try {
    await db
      .insertInto('dataset_principal')
      .values(
        principals.map((principal) => {
          const [principal_type = '', principal_id = ''] = principal.split(':');
          return { ...columns, principal_type, principal_id };
        }),
      )
      .execute();
  } catch (error) {
    if (!PRINCIPAL_KEYS.some((constraint) => violates(error, constraint))) throw error;
    throw new DomainError('refused', 'principal_deleted');
  }
}

function datasetsOf(db: ScopedDb, orgId: string) {
  return db
    .selectFrom('dataset as d')
    .select(['d.id', 'd.name', 'd.product_filters', 'd.created_by', 'd.created_at'])
    .select(
      sql<Principal[]>`array(select principal_type || ':' || principal_id from dataset_principal
        where dataset_principal.org_id = d.org_id and dataset_id = d.id
        order by principal_type, principal_id)`.as('principals'),
    )
    .where('d.org_id', '=', orgId);
}

type StoredRow = Awaited<ReturnType<ReturnType<typeof datasetsOf>['execute']>>[number];

function typed(row: StoredRow): DatasetRow {
  // oxlint-disable-next-line no-unsafe-type-assertion -- written by insertDataset and replaceDataset alone
  return { ...row, product_filters: row.product_filters as ProductFilters[] };
}
