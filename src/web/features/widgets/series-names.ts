import { formulasOf, type JsonObject, nameOf, queriesOf, textOf } from '../../../rules/widgets/definition.ts';
import { drawnFormulas } from '../../../rules/widgets/requests.ts';
import type { Series } from '../../../rules/widgets/results.ts';
import type { QuerySource } from '../../common/query-source.ts';
import { formatList } from '../../i18n/format.ts';
import { type ChartSeries, looksOf } from '../../ui/chart-series.ts';
import { messages } from './messages.ts';
import { sourceIdOf } from './query.ts';

/** Formula as a person reads it. */
export interface FormulaName {
  /** Its alias, or its text. */
  name: string;
  /** Names of the organizations whose data it uses. */
  organizations: string;
}

/** Returns the names of a widget's formulas, and of the organizations that they read. */
export function formulaNames(
  definition: JsonObject,
  sources: readonly QuerySource[],
): readonly FormulaName[] {
  const queries = queriesOf(definition);
  const [own] = sources;
  const orgOf = new Map(
    queries.map((query, index) => {
      const id = sourceIdOf(query) ?? own?.id ?? '';
      return [
        nameOf(query, index),
        sources.find((source) => source.id === id)?.name ?? messages.unknownOrganization(id),
      ];
    }),
  );
  const formulas = formulasOf(definition);
  return drawnFormulas(definition).map((drawn, index) => {
    const { alias, formula } = formulas[index] ?? drawn?.definition ?? {};
    const organizations = new Set(drawn?.queries.map((name) => orgOf.get(name) ?? ''));
    return { name: textOf(alias) || textOf(formula), organizations: formatList([...organizations]) };
  });
}

/** Returns the name of a series: its tags, and the formula where there are several. */
export function seriesName(
  tags: readonly string[],
  formula: FormulaName | undefined,
  isOnlyFormula: boolean,
): string {
  const name = formula?.name ?? '';
  if (tags.length === 0) return name;
  return isOnlyFormula ? tags.join(', ') : `${name}: ${tags.join(', ')}`;
}

/** Series of a widget with its organization. */
export interface NamedSeries extends ChartSeries {
  /** Label without the organization. */
  name: string;
  organizations: string;
}

export function namedSeries(
  series: readonly Series[],
  formulas: readonly FormulaName[],
): readonly NamedSeries[] {
  const ids = series.map(({ formula, tags }) => JSON.stringify([formula, tags]));
  const looks = looksOf(ids);
  const isSeveralOrgs = new Set(formulas.map(({ organizations }) => organizations)).size > 1;
  return series.map(({ formula, tags, values }, index) => {
    const id = ids[index] ?? '';
    const name = seriesName(tags, formulas[formula], formulas.length === 1);
    const organizations = formulas[formula]?.organizations ?? '';
    return {
      id,
      name,
      label: isSeveralOrgs ? messages.ofOrganization(name, organizations) : name,
      organizations,
      look: looks.get(id) ?? { color: 1, dash: [] },
      values,
    };
  });
}
