import type { Demo } from './account.ts';
import { PATHS } from '../../contract/paths.ts';

/** Text printed when the demo starts: the console's address and API keys for a first call. */
export function welcome(publicUrl: string, { keys }: Demo): string {
  const lines = [
    `Cross-Org Visibility is running with the demo account. Open ${publicUrl} and choose a person.`,
    `API reference: ${publicUrl}${PATHS.docs}`,
    ...(keys
      ? describeKeys(publicUrl, keys)
      : ['The API keys were printed at the first start. To create new ones, open the Keys page.']),
    'Stop with Ctrl+C.',
  ];
  return `\n${lines.map((line) => `  ${line}`).join('\n')}\n\n`;
}

function describeKeys(publicUrl: string, keys: NonNullable<Demo['keys']>): string[] {
  const [first] = keys;
  return [
    'API keys, shown only once:',
    ...keys.flatMap(({ org, user, apiKey, applicationKey }) => [
      `  ${org} (${user})`,
      `    DD-API-KEY: ${apiKey}`,
      `    DD-APPLICATION-KEY: ${applicationKey}`,
    ]),
    ...(first
      ? [
          `  curl ${publicUrl}${PATHS.orgConnections} -H 'DD-API-KEY: ${first.apiKey}' -H 'DD-APPLICATION-KEY: ${first.applicationKey}'`,
        ]
      : []),
  ];
}
