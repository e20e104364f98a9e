import type { TimeseriesQueryResponse } from '../../contract/queries/schema.ts';
import { sizeOf, type Work } from '../../query/work.ts';

/** Makes the JSON of series, one series per step, because all at once would block other requests. */
export function* timeseriesJson({ data }: TimeseriesQueryResponse): Work<string> {
  const { series, times, values } = data.attributes;
  const rows: string[] = [];
  for (const row of values) {
    yield sizeOf(row);
    rows.push(JSON.stringify(row));
  }
  return (
    `{"data":{"id":${JSON.stringify(data.id)},"type":${JSON.stringify(data.type)},"attributes":` +
    `{"series":${JSON.stringify(series)},"times":${JSON.stringify(times)},"values":[${rows.join()}]}}}`
  );
}
