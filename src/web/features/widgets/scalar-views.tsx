import { type ScalarValue, tableOf } from '../../../rules/widgets/results.ts';
import { formatNumber } from '../../i18n/format.ts';
import { Cell, Header, Row, Table } from '../../ui/table.tsx';
import { messages } from './messages.ts';
import { type FormulaName, seriesName } from './series-names.ts';
import { NumberCell } from './series-table.tsx';
import styles from './views.module.css';

interface ScalarViewProps {
  values: readonly ScalarValue[];
  formulas: readonly FormulaName[];
}

/** The value of each formula, as a large number. */
export function QueryValueView({ values, formulas }: ScalarViewProps) {
  return (
    <dl className={styles.values}>
      {formulas.map((formula, index) => {
        const value = values.find((one) => one.formula === index)?.value;
        return (
          // oxlint-disable-next-line react/no-array-index-key -- formulas have no identity but their place
          <div key={index} className={styles.value}>
            <dt>{messages.ofOrganization(formula.name, formula.organizations)}</dt>
            <dd>{value === null || value === undefined ? messages.noValue : formatNumber(value)}</dd>
          </div>
        );
      })}
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
    <Table
      label={messages.toplistTable}
      head={
        <>
          <Header label={columns.group} />
          <Header label={columns.organization} />
          <Header label={columns.value} />
          <Header label={columns.share} labelHidden />
        </>
      }
    >
      {ranked.map(({ formula, tags, value }) => (
        <Row key={JSON.stringify([formula, tags])}>
          <Cell label={columns.group}>{seriesName(tags, formulas[formula], formulas.length === 1)}</Cell>
          <Cell label={columns.organization}>{formulas[formula]?.organizations}</Cell>
          <NumberCell label={columns.value} value={value} />
          <Cell label={columns.share}>
            <div className={styles.track} aria-hidden="true">
              <div
                className={styles.bar}
                style={{ width: `${highest > 0 ? (Math.abs(value) / highest) * 100 : 0}%` }}
              />
            </div>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

/** A row for each group, a column for each formula. */
export function TableView({ values, formulas }: ScalarViewProps) {
  const { columns } = messages;
  return (
    <Table
      label={messages.valuesTable}
      head={
        <>
          <Header label={columns.group} />
          {formulas.map((formula, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- formulas have no identity but their place
            <Header key={index} label={messages.ofOrganization(formula.name, formula.organizations)} />
          ))}
        </>
      }
    >
      {tableOf(values, formulas.length).map(({ tags, values: cells }) => (
        <Row key={JSON.stringify(tags)}>
          <Cell label={columns.group}>{tags.join(', ') || messages.everything}</Cell>
          {cells.map((value, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- formulas have no identity but their place
            <NumberCell key={index} label={formulas[index]?.name ?? ''} value={value} />
          ))}
        </Row>
      ))}
    </Table>
  );
}
