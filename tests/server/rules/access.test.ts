import { describe, expect, it } from 'vitest';
import type { ConnectionType } from '../../../src/contract/connection-types.ts';
import type { PermissionName } from '../../../src/contract/permissions.ts';
import { permittedActions, requirePermission } from '../../../src/rules/access.ts';

type Row = [PermissionName[], 'source' | 'sink', ConnectionType[], string[]];

describe('what a user may do with a connection', () => {
  it.each<Row>([
    [[], 'source', ['metrics'], []],
    [['org_connections_read'], 'source', ['metrics'], []],
    [['org_connections_write'], 'source', ['metrics'], ['update', 'delete', 'set_policy']],
    [['org_connections_write'], 'sink', ['metrics'], ['delete', 'set_policy']],
    [['user_access_manage'], 'source', ['metrics'], ['set_policy']],
    [['user_access_manage'], 'sink', ['metrics'], ['set_policy']],
    [['org_connections_read', 'timeseries_query'], 'sink', ['metrics'], ['query']],
    [['org_connections_read', 'timeseries_query'], 'source', ['metrics'], []],
    [['org_connections_read', 'timeseries_query'], 'sink', ['logs'], []],
    [['org_connections_read', 'logs_read_index_data'], 'sink', ['metrics', 'logs'], ['query']],
    [['org_connections_read', 'ci_visibility_read'], 'sink', ['ci_pipelines'], ['query']],
    [['org_connections_read', 'test_optimization_read'], 'sink', ['ci_tests'], ['query']],
    [['org_connections_read', 'audit_logs_read'], 'sink', ['audit'], ['query']],
    [['timeseries_query'], 'sink', ['metrics'], []],
  ])('%j on the %s side of %j: %j', (permissions, side, types, allowed) => {
    const actions = permittedActions(new Set(permissions), side, types);
    expect(
      Object.entries(actions)
        .filter(([, may]) => may)
        .map(([action]) => action),
    ).toEqual(allowed);
  });
});

describe('a permission that is required', () => {
  it('is named when it is missing', () => {
    expect(() => requirePermission(new Set(['org_connections_read']), 'org_connections_write')).toThrow(
      'The permission org_connections_write is required',
    );
  });

  it('is enough when it is held', () => {
    requirePermission(new Set(['org_connections_write']), 'org_connections_write');
  });
});
