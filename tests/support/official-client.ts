import { client } from '@datadog/datadog-api-client';
import { expect } from 'vitest';

/** The official client, configured as its documentation says, for whoever has the keys. */
export function configure(url: string, keys: Record<string, string>) {
  const configuration = client.createConfiguration({
    baseServer: new client.BaseServerConfiguration(url, {}),
    authMethods: { apiKeyAuth: keys['DD-API-KEY'] ?? '', appKeyAuth: keys['DD-APPLICATION-KEY'] ?? '' },
  });
  configuration.unstableOperations = Object.fromEntries(
    Object.keys(configuration.unstableOperations).map((operation) => [operation, true]),
  );
  return configuration;
}

/** The client marks what does not fit its models; nothing in an answer may be marked. */
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
