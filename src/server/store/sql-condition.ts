import { type RawBuilder, sql } from 'kysely';

/**
 * Condition in SQL, with its text apart from its parameters: conditions with the same text can be combined into one, however
 * many there are. The text contains nothing from a request.
 */
export interface SqlCondition {
  /** Pieces of the text; a parameter stands between two of them. */
  texts: readonly string[];
  parameters: readonly Parameter[];
}

/** Parameter of a condition with its SQL type. */
export interface Parameter {
  type: 'text' | 'text[]' | 'float8' | 'jsonb';
  value: unknown;
}

/** Builds a condition from a template with parameters and other conditions. */
export function condition(
  pieces: TemplateStringsArray,
  ...inserted: readonly (Parameter | SqlCondition)[]
): SqlCondition {
  const texts = [pieces[0] ?? ''];
  const parameters: Parameter[] = [];
  const append = (text: string) => texts.push(`${texts.pop() ?? ''}${text}`);
  for (const [index, one] of inserted.entries()) {
    if ('texts' in one) {
      append(one.texts[0] ?? '');
      texts.push(...one.texts.slice(1));
      parameters.push(...one.parameters);
    } else {
      parameters.push(one);
      texts.push('');
    }
    append(pieces[index + 1] ?? '');
  }
  return { texts, parameters };
}

export const asText = (value: string): Parameter => ({ type: 'text', value });
export const asTexts = (value: readonly string[]): Parameter => ({ type: 'text[]', value });
export const asNumber = (value: number): Parameter => ({ type: 'float8', value });

export const TRUE = condition`true`;

/** Combines conditions with AND. */
export function allOf(conditions: readonly SqlCondition[]): SqlCondition {
  return joined(conditions, ' and ');
}

/**
 * Combines conditions with OR. Conditions with the same text become one over a list of their parameters, so that neither the
 * length of the text nor the number of parameters grows with their number.
 */
export function anyOf(conditions: readonly SqlCondition[]): SqlCondition {
  const byText = new Map<string, SqlCondition[]>();
  for (const one of conditions) {
    const key = one.texts.join('\0');
    const known = byText.get(key);
    if (known === undefined) byText.set(key, [one]);
    else known.push(one);
  }
  return joined(
    [...byText.values()].flatMap((alike) => (alike.length > MAX_WRITTEN_OUT ? [anyRow(alike)] : alike)),
    ' or ',
  );
}

/** Number of conditions with the same text that are written out, because a list is slower for few. */
const MAX_WRITTEN_OUT = 4;

/** Combines conditions with the same text: one row of a list has the parameters of one condition. */
function anyRow(alike: readonly SqlCondition[]): SqlCondition {
  const [{ texts, parameters }] = [alike[0] ?? TRUE];
  if (parameters.length === 0) return { texts, parameters };
  const columns = parameters.map(({ type }, index) => `p${index} ${type}`).join(', ');
  const rows = alike.map((one) =>
    Object.fromEntries(one.parameters.map(({ value }, index) => [`p${index}`, value])),
  );
  const where = texts.map((piece, index) => (index === 0 ? piece : `row.p${index - 1}${piece}`)).join('');
  return {
    texts: ['exists (select from jsonb_to_recordset(', `) as row (${columns}) where ${where})`],
    parameters: [{ type: 'jsonb', value: rows }],
  };
}

function joined(conditions: readonly SqlCondition[], operator: string): SqlCondition {
  const [first] = conditions;
  if (first === undefined) return TRUE;
  if (conditions.length === 1) return first;
  const texts: string[] = ['('];
  const parameters: Parameter[] = [];
  for (const [index, one] of conditions.entries()) {
    texts.push(`${texts.pop() ?? ''}${index === 0 ? '' : operator}${one.texts[0] ?? ''}`);
    for (const piece of one.texts.slice(1)) texts.push(piece);
    for (const parameter of one.parameters) parameters.push(parameter);
  }
  texts.push(`${texts.pop() ?? ''})`);
  return { texts, parameters };
}

/** Returns the condition as a part of a query. */
export function toSql({ texts, parameters }: SqlCondition): RawBuilder<boolean> {
  const parts = texts.flatMap((piece, index) => {
    const parameter = parameters[index - 1];
    return parameter === undefined ? [sql.raw(piece)] : [bound(parameter), sql.raw(piece)];
  });
  return sql<boolean>`${sql.join(parts, sql``)}`;
}

function bound({ type, value }: Parameter): RawBuilder<unknown> {
  return sql`${type === 'jsonb' ? JSON.stringify(value) : value}::${sql.raw(type)}`;
}
