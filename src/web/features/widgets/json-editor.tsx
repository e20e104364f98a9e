import { isObject } from '../../../rules/json.ts';
import type { JsonObject } from '../../../rules/widgets/definition.ts';
import { CodeField } from '../../ui/code-field.tsx';
import { messages } from './messages.ts';
import { type Read, useDraft } from './use-draft.ts';

/** Maximum length of a definition, in characters. */
const MAX_LENGTH = 200_000;

interface JsonEditorProps {
  definition: JsonObject;
  onChange: (definition: JsonObject) => void;
}

/** The definition of a widget as JSON, in Datadog's format. Text that is not a definition changes nothing. */
export function JsonEditor({ definition, onChange }: JsonEditorProps) {
  const draft = useDraft({ value: definition, onChange, print: printJson, read: readJson });
  return (
    <CodeField
      label={messages.json}
      rows={24}
      value={draft.text}
      onChange={draft.change}
      error={draft.fault}
    />
  );
}

function printJson(definition: JsonObject): string {
  return JSON.stringify(definition, null, 2);
}

function readJson(text: string): Read<JsonObject> {
  if (text.length > MAX_LENGTH) return { fault: messages.jsonTooLong };
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isObject(parsed)) return { fault: messages.jsonNotObject };
    const fault = faultOfShape(parsed);
    return fault === undefined ? { value: parsed } : { fault };
  } catch (error) {
    return { fault: messages.notJson(error instanceof Error ? error.message : '') };
  }
}

/** Returns what keeps the form and the chart from reading a definition. */
function faultOfShape({ requests }: JsonObject): string | undefined {
  if (!isObjectList(requests) || requests.length === 0) {
    return messages.jsonWithoutRequests;
  }
  const { queries, formulas = [] } = requests[0] ?? {};
  return isObjectList(queries) && isObjectList(formulas) ? undefined : messages.jsonWithoutQueries;
}

function isObjectList(value: unknown): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every(isObject);
}
