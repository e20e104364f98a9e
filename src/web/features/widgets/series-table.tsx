import { useState } from 'react';
import { formatNumber } from '../../i18n/format.ts';
import { SeriesMark } from '../../ui/series-mark.tsx';
import { Cell, Header, Row, Table } from '../../ui/table.tsx';
import { SearchField } from '../../ui/text-field.tsx';
import { Button } from '../../ui/button.tsx';
import { messages } from './messages.ts';
import styles from './views.module.css';
import type { NamedSeries } from './series-names.ts';

/** Number of series from which the table has a search field, and of those that it shows at first. */
const SEARCHED_FROM = 6;
const SHOWN = 20;

interface SeriesTableProps {
  series: readonly NamedSeries[];
  /** The series that the chart shows alone. */
  isolated: string | undefined;
  onIsolate: (id: string | undefined) => void;
  onEmphasize: (id: string | undefined) => void;
}

/** The series of a chart with their organization and summary: its legend, and what it shows in numbers. */
export function SeriesTable({ series, isolated, onIsolate, onEmphasize }: SeriesTableProps) {
  const [search, setSearch] = useState('');
  const [isWhole, setWhole] = useState(false);
  const found = series.filter(({ label }) => label.toLowerCase().includes(search.trim().toLowerCase()));
  const shown = isWhole ? found : found.slice(0, SHOWN);
  const { columns } = messages;

  return (
    <div className={styles.legend}>
      {series.length >= SEARCHED_FROM && (
        <SearchField
          label={messages.searchSeries}
          placeholder={messages.searchSeries}
          value={search}
          onChange={setSearch}
        />
      )}
      <Table
        label={messages.seriesTable}
        head={
          <>
            <Header label={columns.series} />
            <Header label={columns.organization} />
            <Header label={columns.average} />
            <Header label={columns.minimum} />
            <Header label={columns.maximum} />
            <Header label={columns.last} />
          </>
        }
      >
        {shown.map(({ id, name, look, organizations, values }) => {
          const { average, minimum, maximum, last } = summaryOf(values);
          return (
            <Row key={id}>
              <Cell label={columns.series}>
                <button
                  type="button"
                  className={styles.seriesButton}
                  aria-pressed={id === isolated}
                  onPointerEnter={() => onEmphasize(id)}
                  onPointerLeave={() => onEmphasize(undefined)}
                  onFocus={() => onEmphasize(id)}
                  onBlur={() => onEmphasize(undefined)}
                  onClick={() => onIsolate(id === isolated ? undefined : id)}
                >
                  <SeriesMark look={look} />
                  <span>{name}</span>
                </button>
              </Cell>
              <Cell label={columns.organization}>{organizations}</Cell>
              <NumberCell label={columns.average} value={average} />
              <NumberCell label={columns.minimum} value={minimum} />
              <NumberCell label={columns.maximum} value={maximum} />
              <NumberCell label={columns.last} value={last} />
            </Row>
          );
        })}
      </Table>
      {found.length > shown.length && (
        <Button variant="quiet" onClick={() => setWhole(true)}>
          {messages.showAllSeries(found.length)}
        </Button>
      )}
    </div>
  );
}

export function NumberCell({ label, value }: { label: string; value: number | null | undefined }) {
  return (
    <Cell label={label}>
      <span className={styles.number}>
        {value === null || value === undefined ? messages.noValue : formatNumber(value)}
      </span>
    </Cell>
  );
}

function summaryOf(values: readonly (number | null)[]) {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return {};
  return {
    average: known.reduce((sum, value) => sum + value, 0) / known.length,
    minimum: Math.min(...known),
    maximum: Math.max(...known),
    last: known.at(-1),
  };
}
