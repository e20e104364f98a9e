import { beforeAll, describe, expect, it } from 'vitest';
import { ORGANIZATION_HEADER, PATHS } from '../../../src/contract/paths.ts';
import { EMAIL, ORG, productionKeys } from '../../support/account.ts';
import { ORIGIN } from '../../support/app.ts';
import { type PageHeaders, signInAs } from '../../support/session.ts';
import { setUpApp } from '../../support/setup-app.ts';

const JSON_BODY = { 'Content-Type': 'application/json' };

const app = setUpApp();
let reader: PageHeaders & Record<string, string>;
beforeAll(async () => {
  reader = { ...(await signInAs(app, EMAIL.reader)), [ORGANIZATION_HEADER]: ORG.production, ...JSON_BODY };
});
describe('the body of an error', () => {
  const id = '00000000-0000-4000-8000-000000000000';
  const path = `${PATHS.orgConnections}/${id}`;

  it('has texts and nothing else for a program', async () => {
    expect(await errorOf('DELETE', path, productionKeys('reader'))).toEqual({
      errors: ['The permission org_connections_write is required'],
    });
  });

  it('also has the code of each text for the console', async () => {
    expect(await errorOf('DELETE', path, reader)).toEqual({
      errors: ['The permission org_connections_write is required'],
      codes: [{ code: 'permission_required', params: { permission: 'org_connections_write' } }],
    });
  });

  it('has a code for the line that begins a validation error', async () => {
    expect(await errorOf('GET', `${PATHS.orgConnections}?limit=0`, reader)).toEqual({
      errors: ['Validation failed for input.', 'limit: must be an integer from 1 to 1000'],
      codes: [
        { code: 'validation_failed' },
        { code: 'field_invalid', params: { field: 'limit', problem: 'must be an integer from 1 to 1000' } },
      ],
    });
  });

  it('has the name of the query that an error is about', async () => {
    const body = {
      data: {
        type: 'scalar_request',
        attributes: {
          from: Date.now() - 60_000,
          to: Date.now(),
          queries: [
            { data_source: 'logs', name: 'a', compute: { aggregation: 'count' }, search: { query: '*' } },
          ],
        },
      },
    };
    expect(await errorOf('POST', `${PATHS.queries}/scalar`, reader, body)).toEqual({
      errors: ['Query "a": The permission logs_read_index_data is required'],
      codes: [{ code: 'permission_required', params: { permission: 'logs_read_index_data' }, query: 'a' }],
    });
  });

  it('has codes before anyone is signed in, on the paths of the console only', async () => {
    const credentials = { email: EMAIL.reader, password: 'wrong' };
    expect(await errorOf('POST', PATHS.session, { Origin: ORIGIN, ...JSON_BODY }, credentials)).toEqual({
      errors: ['Email or password is incorrect.'],
      codes: [{ code: 'credentials_incorrect' }],
    });
    expect(await errorOf('GET', PATHS.orgConnections, {})).toEqual({ errors: ['Unauthorized'] });
  });
});

it('has codes for the console whatever fails, and never for a program', async () => {
  const huge = { text: 'x'.repeat(1_100_000) };
  expect(await errorOf('POST', PATHS.roles, reader, huge)).toMatchObject({
    codes: [{ code: 'body_too_large' }],
  });
  expect(await errorOf('GET', '/api/v2/nope', reader)).toMatchObject({ codes: [{ code: 'path_unknown' }] });
  for (const keys of [productionKeys('reader'), { 'DD-API-KEY': 'x' }, { 'DD-APPLICATION-KEY': 'x' }]) {
    for (const path of ['/api/console/nope', '/api/v2/nope']) {
      expect(await errorOf('GET', path, { ...reader, ...keys })).not.toHaveProperty('codes');
    }
  }
});

async function errorOf(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<unknown> {
  const response = await app.request(path, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.ok).toBe(false);
  return response.json();
}
