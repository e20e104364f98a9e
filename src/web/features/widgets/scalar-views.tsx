import { type ScalarValue, tableOf } from '../../../rules/widgets/results.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { messages } from './messages.ts';
import { type FormulaName, seriesName } from './series-names.ts';
import { numberColumn, numberText } from './series-table.tsx';
import styles from './views.module.css';

interface ScalarViewProps {
  values: readonly ScalarValue[];
  formulas: readonly FormulaName[];
}

/** The value of each formula, as a large number. */
export function QueryValueView({ values, formulas }: ScalarViewProps) {
  return (
    <dl className={styles.values}>
      {formulas.map((formula, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- formulas have no identity but their place
        <div key={index} className={styles.value}>
          <dt>{messages.ofOrganization(formula.name, formula.organizations)}</dt>
          <dd>{numberText(values.find((one) => one.formula === index)?.value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Groups in the order of their values, with bars. */
export function ToplistView({ values, formulas }: ScalarViewProps) {
  const ranked = values
    .flatMap(({ formula, tags, value }) => (value === null ? [] : [{ formula, tags, value }]))
    .toSorted((one, other) => other.value - one.value);
  const highest = Math.max(0, ...ranked.map(({ value }) => Math.abs(value)));
  const { columns } = messages;
  return (
    <DataTable
      label={messages.toplistTable}
      columns={[
        { label: columns.group },
        { label: columns.organization },
        numberColumn(columns.value),
        { label: columns.share },
      ]}
      rows={ranked.map(({ formula, tags, value }) => {
        const id = JSON.stringify([formula, tags]);
        const width = highest > 0 ? (Math.abs(value) / highest) * 100 : 0;
        return {
          id,
          cells: [
            seriesName(tags, formulas[formula], formulas.length === 1),
            formulas[formula]?.organizations,
            numberText(value),
            <div key={id} className={styles.track} aria-hidden="true">
              <div className={styles.bar} style={{ width: `${width}%` }} />
            </div>,
          ],
        };
      })}
    />
  );
}

/** A row for each group, a column for each formula. */
export function TableView({ values, formulas }: ScalarViewProps) {
  return (
    <DataTable
      label={messages.valuesTable}
      columns={[
        { label: messages.columns.group },
        ...formulas.map(({ name, organizations }) =>
          numberColumn(messages.ofOrganization(name, organizations)),
        ),
      ]}
      rows={tableOf(values, formulas.length).map(({ tags, values: cells }) => ({
        id: JSON.stringify(tags),
        cells: [tags.join(', ') || messages.everything, ...cells.map(numberText)],
      }))}
    />
  );
}
