import { client } from '@datadog/datadog-api-client';
import { expect } from 'vitest';

/** Creates the official client with keys, configured as in its documentation. */
export function configureClient(url: string, keys: Record<string, string>) {
  const configuration = client.createConfiguration({
    baseServer: new client.BaseServerConfiguration(url, {}),
    authMethods: { apiKeyAuth: keys['DD-API-KEY'] ?? '', appKeyAuth: keys['DD-APPLICATION-KEY'] ?? '' },
  });
  configuration.unstableOperations = Object.fromEntries(
    Object.keys(configuration.unstableOperations).map((operation) => [operation, true]),
  );
  return configuration;
}

/** Expects the client to have parsed everything: it marks what does not fit its models. */
export function expectParsed(answer: object): void {
  const marked: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Object.entries(value).some(([member, inner]) => member === '_unparsed' && inner)) marked.push(path);
    for (const [member, inner] of Object.entries(value)) visit(inner, `${path}.${member}`);
  };
  visit(answer, '');
  expect(marked).toEqual([]);
}

/** Expects every attribute of the client's model to be present, even if it is null or empty. */
export function expectWhole(parsed: object | undefined): void {
  const model = parsed?.constructor as { getAttributeTypeMap?: () => object } | undefined;
  const members = Object.keys(model?.getAttributeTypeMap?.() ?? {});
  expect(members).toContain('additionalProperties');
  const missing = members
    .filter((member) => member !== 'additionalProperties')
    .filter((member) =>
      Object.entries(parsed ?? {}).every(([name, value]) => name !== member || value === undefined),
    );
  expect(missing).toEqual([]);
}
