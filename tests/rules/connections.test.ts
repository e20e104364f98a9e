import { describe, expect, it } from 'vitest';
import { PERMISSIONS, type PermissionName } from '../../src/contract/permissions/constants.ts';
import {
  type CreateFacts,
  decideCreate,
  decideUpdate,
  hasFreeDestination,
  obstacleBetween,
} from '../../src/rules/connections.ts';
import { allTypes, splitTypes } from '../../src/rules/connection-types.ts';
import { DomainError } from '../../src/rules/errors.ts';

const A = '11111111-1111-4111-8111-111111111111';
const B = '22222222-2222-4222-8222-222222222222';
const source = { id: A, site: 'us1', cross_org_visibility: true };
const sink = { id: B, site: 'us1', cross_org_visibility: true };

const possible: CreateFacts = {
  source,
  sink,
  alreadyConnected: false,
  destinationsUsed: 0,
  maxDestinations: 5,
  wanted: {},
  permissions: new Set(PERMISSIONS.map(({ name }) => name)),
};

function mayRead(...permissions: PermissionName[]): ReadonlySet<PermissionName> {
  return new Set<PermissionName>(['org_connections_write', ...permissions]);
}

const NOT_ALLOWED = ['refused', `connection between orgs ${A} and ${B} is not allowed`];
const TWO_METRICS = { connection_types: ['metrics', 'metrics'] };

describe('creating a connection', () => {
  it.each<[string, Partial<CreateFacts>, string[]]>([
    ['an unknown sink', { sink: undefined }, ['not_found', 'Not found']],
    ['itself', { sink: source }, ['refused', `connection between orgs ${A} and ${A} is not allowed`]],
    ['an organization on another site', { sink: { ...sink, site: 'eu1' } }, NOT_ALLOWED],
    ['from where the feature is off', { source: { ...source, cross_org_visibility: false } }, NOT_ALLOWED],
    ['to where the feature is off', { sink: { ...sink, cross_org_visibility: false } }, NOT_ALLOWED],
    ['a type twice', { wanted: TWO_METRICS }, NOT_ALLOWED],
    [
      'an extension type twice',
      { wanted: { extensions: { connection_types: ['ci_tests', 'ci_tests'] } } },
      NOT_ALLOWED,
    ],
    [
      'a pair that is connected',
      { alreadyConnected: true },
      ['conflict', `connection between orgs ${A} and ${B} already exists`],
    ],
    [
      'one destination too many',
      { destinationsUsed: 5 },
      ['refused', `org ${A} already shares with the maximum of 5 organizations`],
    ],
    [
      'one too many of an account with its own limit',
      { destinationsUsed: 1, maxDestinations: 1 },
      ['refused', `org ${A} already shares with the maximum of 1 organizations`],
    ],
    [
      'no type at all',
      { wanted: { connection_types: [] } },
      ['invalid', 'data.attributes.connection_types: at least one connection type is required'],
    ],
    [
      'unknown types',
      { wanted: { connection_types: ['spans', 'ci_tests'], extensions: { connection_types: ['logs'] } } },
      [
        'invalid',
        'data.attributes.connection_types: unknown connection type "spans"',
        'data.attributes.connection_types: unknown connection type "ci_tests"',
        'data.attributes.extensions.connection_types: unknown connection type "logs"',
      ],
    ],
    [
      'types that the caller may not read, with metrics by default',
      { wanted: { extensions: { connection_types: ['ci_tests'] } }, permissions: mayRead() },
      [
        'forbidden',
        'To share metrics, you need the permission timeseries_query.',
        'To share ci_tests, you need the permission test_optimization_read.',
      ],
    ],
    [
      'each type that the caller may not read',
      {
        wanted: { connection_types: ['metrics', 'logs', 'audit'] },
        permissions: mayRead('timeseries_query'),
      },
      [
        'forbidden',
        'To share logs, you need the permission logs_read_index_data.',
        'To share audit, you need the permission audit_logs_read.',
      ],
    ],
  ])('refuses %s', (_, facts, [reason, ...messages]) => {
    expect(outcome(() => decideCreate({ ...possible, ...facts }))).toEqual({ reason, messages });
  });

  it.each<[string, Partial<CreateFacts>, string]>([
    ['unknown sink before a type twice', { sink: undefined, wanted: TWO_METRICS }, 'not_found'],
    ['a type twice before an existing pair', { alreadyConnected: true, wanted: TWO_METRICS }, 'refused'],
    ['an existing pair before the limit', { alreadyConnected: true, destinationsUsed: 5 }, 'conflict'],
    [
      'the limit before unknown types',
      { destinationsUsed: 5, wanted: { connection_types: ['x'] } },
      'refused',
    ],
  ])('tells of %s', (_, facts, reason) => {
    expect(outcome(() => decideCreate({ ...possible, ...facts }))).toMatchObject({ reason });
  });

  it.each<[string, CreateFacts['wanted'], string[], string[]]>([
    ['metrics when nothing is named', {}, ['metrics'], []],
    ['what is named, in its order', { connection_types: ['logs', 'metrics'] }, ['logs', 'metrics'], []],
    [
      'metrics beside extension types when only those are named',
      { extensions: { connection_types: ['ci_pipelines'] } },
      ['metrics'],
      ['ci_pipelines'],
    ],
    [
      'extension types alone when the others are empty',
      { connection_types: [], extensions: { connection_types: ['ci_tests'] } },
      [],
      ['ci_tests'],
    ],
  ])('shares %s', (_, wanted, connection_types, extension_types) => {
    expect(decideCreate({ ...possible, wanted })).toEqual({ connection_types, extension_types });
  });
});

describe('updating a connection', () => {
  const current = {
    id: 'cccccccc-cccc-4ccc-8ccc-cccccccccccc',
    source_org_id: A,
    connection_types: ['logs' as const],
    extension_types: [],
  };

  it.each<[string, Parameters<typeof decideUpdate>, string[], string[]]>([
    [
      'leaves extension types that were not sent',
      [
        { ...current, connection_types: ['metrics'], extension_types: ['ci_tests'] },
        { connection_types: ['logs'] },
        mayRead('logs_read_index_data'),
      ],
      ['logs'],
      ['ci_tests'],
    ],
    [
      'takes public types away where extension types stay',
      [
        { ...current, connection_types: ['metrics'], extension_types: ['ci_tests'] },
        { connection_types: [] },
        mayRead(),
      ],
      [],
      ['ci_tests'],
    ],
    [
      'replaces both when both are sent',
      [
        { ...current, connection_types: ['metrics'], extension_types: ['ci_tests'] },
        { connection_types: ['audit'], extensions: { connection_types: [] } },
        mayRead('audit_logs_read'),
      ],
      ['audit'],
      [],
    ],
    [
      'leaves types that the caller may not read themselves',
      [
        { ...current, connection_types: ['logs'], extension_types: ['ci_tests'] },
        { connection_types: ['logs', 'metrics'] },
        mayRead('timeseries_query'),
      ],
      ['logs', 'metrics'],
      ['ci_tests'],
    ],
  ])('%s', (_, args, connection_types, extension_types) => {
    expect(decideUpdate(...args)).toEqual({ connection_types, extension_types });
  });

  it('refuses a type twice without a further word', () => {
    expect(outcome(() => decideUpdate(current, TWO_METRICS, mayRead()))).toEqual({
      reason: 'invalid',
      messages: [],
    });
  });

  it('refuses to add types that the caller may not read', () => {
    const wanted = { connection_types: ['logs', 'audit'], extensions: { connection_types: ['ci_tests'] } };
    expect(outcome(() => decideUpdate(current, wanted, mayRead()))).toEqual({
      reason: 'forbidden',
      messages: [
        'To share audit, you need the permission audit_logs_read.',
        'To share ci_tests, you need the permission test_optimization_read.',
      ],
    });
  });

  it('refuses to leave nothing shared', () => {
    expect(outcome(() => decideUpdate(current, { connection_types: [] }, mayRead()))).toMatchObject({
      reason: 'invalid',
    });
  });
});

describe('what stands between two organizations', () => {
  it.each([
    ['nothing', source, sink, false, undefined],
    ['being the same', source, source, true, 'itself'],
    ['another site, whatever else', source, { ...sink, site: 'eu1' }, true, 'other_site'],
    ['the feature off here', { ...source, cross_org_visibility: false }, sink, true, 'source_feature_off'],
    ['the feature off there', source, { ...sink, cross_org_visibility: false }, true, 'sink_feature_off'],
    ['a connection', source, sink, true, 'already_connected'],
  ])('%s', (_, from, to, connected, obstacle) => {
    expect(obstacleBetween(from, to, connected)).toBe(obstacle);
  });
});

describe('free destinations', () => {
  it.each([
    [4, 5, true],
    [5, 5, false],
    [6, 5, false],
    [0, 0, false],
    [1000, null, true],
  ])('%i used of %s: %s', (used, max, free) => {
    expect(hasFreeDestination(used, max)).toBe(free);
  });
});

function outcome(decide: () => unknown) {
  try {
    return decide();
  } catch (error) {
    if (error instanceof DomainError) return { reason: error.reason, messages: error.messages };
    throw error;
  }
}

it('splits data types as they travel, and puts them together again', () => {
  const split = splitTypes(['logs', 'ci_tests', 'metrics']);
  expect(split).toEqual({ connection_types: ['logs', 'metrics'], extension_types: ['ci_tests'] });
  expect(allTypes(split)).toEqual(['logs', 'metrics', 'ci_tests']);
});
