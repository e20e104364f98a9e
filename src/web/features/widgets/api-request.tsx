import { PATHS } from '../../../contract/paths.ts';
import type { JsonObject } from '../../../rules/widgets/definition.ts';
import { requestFor, type RequestRange } from '../../../rules/widgets/requests.ts';
import { CodeField } from '../../ui/code-field.tsx';
import { messages } from './messages.ts';
import styles from './widget-editor.module.css';

interface ApiRequestProps {
  definition: JsonObject;
  range: RequestRange;
}

/** The queries of a widget as a request to the API, for a shell. */
export function ApiRequest({ definition, range }: ApiRequestProps) {
  const request = requestFor(definition, range);
  if (request === undefined) return <p className={styles.note}>{messages.noRequest}</p>;
  const url = `${location.origin}${PATHS.queries}/${request.type}`;
  const body = JSON.stringify(request.body, null, 2);
  return <CodeField label={messages.apiRequest} rows={24} value={curl(url, body)} />;
}

function curl(url: string, body: string): string {
  return [
    `curl -X POST '${url}'`,
    `-H 'Content-Type: application/json'`,
    `-H "DD-API-KEY: $DD_API_KEY"`,
    `-H "DD-APPLICATION-KEY: $DD_APP_KEY"`,
    // A single quote would end the argument.
    `--data-binary '${body.replaceAll("'", String.raw`'\''`)}'`,
  ].join(' \\\n  ');
}
