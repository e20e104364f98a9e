import { sql } from 'kysely';
import {
  type ExtensionConnectionType,
  isExtensionConnectionType,
  isPublicConnectionType,
  type PublicConnectionType,
} from '../../contract/org-connections/constants.ts';
import type { OrgConnectionListQuery } from '../../contract/org-connections/schema.ts';
import { isPermissionName, type PermissionName } from '../../contract/permissions/constants.ts';
import { duplicate } from '../../rules/connections.ts';
import { connectionTypeRequired, type SharedTypes } from '../../rules/connection-types.ts';
import type { Db, ScopedDb } from '../db/scope.ts';
import { violates } from '../db/violates.ts';
import { permissionsOf } from './actors.ts';

/** Optional filters by source and by sink. */
type Ends = Pick<OrgConnectionListQuery, 'source_org_id' | 'sink_org_id'>;

/** A connection with the names of its organizations and its creator, and the creator's current permissions. */
export interface ConnectionRow {
  id: string;
  source_org_id: string;
  source_name: string;
  sink_org_id: string;
  sink_name: string;
  connection_types: PublicConnectionType[];
  extension_types: ExtensionConnectionType[];
  created_by: string;
  creator_name: string;
  creator_active: boolean;
  creator_permissions: PermissionName[];
  on_in_source: boolean;
  on_in_sink: boolean;
  created_at: string;
}

/**
 * Lists a page of the organization's connections: those of which it is the source come first, then newest first. The
 * Terraform provider lists by sink alone and reads the first row (docs/wire-format.md).
 */
export async function listConnections(
  db: ScopedDb,
  orgId: string,
  query: OrgConnectionListQuery,
): Promise<ConnectionRow[]> {
  const rows = await filtered(db, query)
    .orderBy((eb) => eb('c.source_org_id', '=', orgId), 'desc')
    .orderBy('c.created_at', 'desc')
    .orderBy('c.id')
    .limit(query.limit)
    .offset(query.offset)
    .execute();
  return rows.map(typed);
}

/** Counts the organization's connections, and those that match the filters. */
export async function countConnections(
  db: ScopedDb,
  { source_org_id, sink_org_id }: Ends,
): Promise<{ total: number; matching: number }> {
  return db
    .selectFrom('org_connection')
    .select((eb) => [
      eb.fn.countAll<number>().as('total'),
      eb.fn
        .countAll<number>()
        .filterWhere('source_org_id', '=', source_org_id ?? eb.ref('source_org_id'))
        .filterWhere('sink_org_id', '=', sink_org_id ?? eb.ref('sink_org_id'))
        .as('matching'),
    ])
    .executeTakeFirstOrThrow();
}

/** Finds a connection of which the organization is the source or the sink. */
export async function findConnection(db: ScopedDb, id: string): Promise<ConnectionRow | undefined> {
  const row = await filtered(db, {}).where('c.id', '=', id).executeTakeFirst();
  return row && typed(row);
}

/** Returns whether a source has a connection to a sink. */
export async function isConnected(db: Db, sourceId: string, sinkId: string): Promise<boolean> {
  const row = await db
    .selectFrom('org_connection')
    .select('id')
    .where('source_org_id', '=', sourceId)
    .where('sink_org_id', '=', sinkId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Finds the connection from a source to a sink. */
export async function findConnectionBetween(
  db: ScopedDb,
  sourceId: string,
  sinkId: string,
): Promise<ConnectionRow | undefined> {
  const row = await filtered(db, { source_org_id: sourceId, sink_org_id: sinkId }).executeTakeFirst();
  return row && typed(row);
}

/** Columns of a new connection. */
export interface NewConnection extends SharedTypes {
  account_id: string;
  site: string;
  source_org_id: string;
  sink_org_id: string;
  created_by: string;
  /** Now by default. */
  created_at?: Date;
}

/** Creates a connection and returns its id. Throws `conflict` if the pair has one. */
export async function insertConnection(db: Db, connection: NewConnection): Promise<string> {
  try {
    const { id } = await db
      .insertInto('org_connection')
      .values(connection)
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  } catch (error) {
    if (violates(error, 'org_connection_pair')) {
      throw duplicate(connection.source_org_id, connection.sink_org_id);
    }
    throw error;
  }
}

/** Replaces the types that a connection shares; returns whether it still exists. Throws `invalid` for no type at all. */
export async function updateSharedTypes(
  db: ScopedDb,
  id: string,
  { connection_types, extension_types }: SharedTypes,
): Promise<boolean> {
  try {
    const row = await db
      .updateTable('org_connection')
      .set({ connection_types, extension_types })
      .where('id', '=', id)
      .returning('id')
      .executeTakeFirst();
    return row !== undefined;
  } catch (error) {
    if (violates(error, 'org_connection_shares_something')) throw connectionTypeRequired();
    throw error;
  }
}

/** Deletes a connection and the policies of both its sides. */
export async function deleteConnection(db: ScopedDb, id: string): Promise<void> {
  await db.deleteFrom('org_connection').where('id', '=', id).execute();
}

/**
 * Serializes updates and deletions of a connection and changes of its policies until the transaction ends. An advisory
 * lock, because the destination may not lock a row that it may not update.
 */
export async function lockConnection(db: ScopedDb, id: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${id}, 0))`.execute(db);
}

function filtered(db: ScopedDb, { source_org_id, sink_org_id }: Ends) {
  return db
    .selectFrom('org_connection as c')
    .innerJoin('org as source', 'source.id', 'c.source_org_id')
    .innerJoin('org as sink', 'sink.id', 'c.sink_org_id')
    .innerJoin('user as creator', 'creator.id', 'c.created_by')
    .select([
      'c.id',
      'c.source_org_id',
      'source.name as source_name',
      'c.sink_org_id',
      'sink.name as sink_name',
      'c.connection_types',
      'c.extension_types',
      'c.created_by',
      sql<string>`coalesce(creator.name, creator.email)`.as('creator_name'),
      'creator.active as creator_active',
      'source.cross_org_visibility as on_in_source',
      'sink.cross_org_visibility as on_in_sink',
      'c.created_at',
    ])
    .select((eb) => permissionsOf(eb.ref('creator.id')).as('creator_permissions'))
    .where((eb) => eb('c.source_org_id', '=', source_org_id ?? eb.ref('c.source_org_id')))
    .where((eb) => eb('c.sink_org_id', '=', sink_org_id ?? eb.ref('c.sink_org_id')));
}

type StoredRow = Awaited<ReturnType<ReturnType<typeof filtered>['execute']>>[number];

function typed(row: StoredRow): ConnectionRow {
  return {
    ...row,
    connection_types: row.connection_types.filter(isPublicConnectionType),
    extension_types: row.extension_types.filter(isExtensionConnectionType),
    creator_permissions: row.creator_permissions.filter(isPermissionName),
  };
}
