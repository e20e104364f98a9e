import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { describeOnBothDatabases } from '../../support/databases.ts';

/** What the typed interface may call a column of each type. */
const TYPESCRIPT: Record<string, string> = {
  uuid: 'string',
  text: 'string',
  _text: 'string[]',
  bool: 'boolean',
  int4: 'number',
  float8: 'number',
  jsonb: 'Json',
  timestamptz: 'Timestamp',
};

describeOnBothDatabases('src/server/db/tables.ts', (open) => {
  it('matches the migrated database', async () => {
    const { db } = await open();
    const { rows } = await sql<{ table_name: string; columns: string[] }>`
      select table_name, array_agg(column_name || ' ' || udt_name || ' ' || is_nullable || ' ' ||
        case when is_generated = 'ALWAYS' then 'Computed' when column_default is not null then 'Generated' else '' end
        order by ordinal_position) as columns
      from information_schema.columns
      where table_schema = 'public' and table_name not like 'kysely_%'
        and not exists (select from pg_class where relname = table_name and relispartition)
      group by table_name`.execute(db);
    const actual = Object.fromEntries(
      rows.map(({ table_name, columns }) => [table_name, columns.map(asTypeScript)]),
    );
    expect(await readInterface()).toEqual(actual);
  });
});

function asTypeScript(column: string): string {
  const [name, type = '', nullable, origin] = column.split(' ');
  const known = TYPESCRIPT[type] ?? type;
  const value = `${known}${nullable === 'YES' ? ' | null' : ''}`;
  if (origin === 'Computed') return `${name}: Computed<${value}>;`;
  if (origin !== 'Generated' || nullable === 'YES') return `${name}: ${value};`;
  return `${name}: ${known === 'Timestamp' ? 'DefaultTimestamp' : `Generated<${known}>`};`;
}

/** The columns of each table as `tables.ts` writes them. */
async function readInterface(): Promise<Record<string, string[]>> {
  const text = await readFile('src/server/db/tables.ts', 'utf8');
  const bodyOf = (name: string) =>
    new RegExp(`interface ${name} \\{\\n(.*?)\\n\\}`, 's')
      .exec(text)?.[1]
      ?.split('\n')
      .map((line) => line.trim()) ?? [];
  return Object.fromEntries(
    bodyOf('Tables').map((line) => {
      const [table = '', type = ''] = line.replace(';', '').split(': ');
      return [table, bodyOf(type)];
    }),
  );
}
