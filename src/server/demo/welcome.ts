import type { Demo } from './account.ts';
import { PATHS } from '../../contract/paths.ts';

/** What the demo tells whoever started it: where to click, and how to call the API. */
export function welcome(publicUrl: string, { keys }: Demo): string {
  const lines = [
    `Cross-Org Visibility with its demo account: open ${publicUrl} and choose whom to be.`,
    `The API's reference: ${publicUrl}${PATHS.docs}`,
    ...(keys ? describeKeys(publicUrl, keys) : ['Its keys were printed when it was first started.']),
    'Stop with Ctrl+C.',
  ];
  return `\n${lines.map((line) => `  ${line}`).join('\n')}\n\n`;
}

function describeKeys(publicUrl: string, keys: NonNullable<Demo['keys']>): string[] {
  const [first] = keys;
  return [
    'Keys for the API, shown only now:',
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
