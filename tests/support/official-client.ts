import { client } from '@datadog/datadog-api-client';
import { expect } from 'vitest';

/** Configures the official client with keys, as its documentation says. */
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

/** Expects that every part of an answer fits the client's models: the client marks other parts. */
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

/** Expects that an answer has every attribute of the client's model, even if null or empty. */
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
