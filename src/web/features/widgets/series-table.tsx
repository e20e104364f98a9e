import { useState } from 'react';
import { formatMeasure } from '../../i18n/format.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { SeriesMark } from '../../ui/series-mark.tsx';
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
      <DataTable
        label={messages.seriesTable}
        columns={[
          { label: columns.series },
          { label: columns.organization },
          ...[columns.average, columns.minimum, columns.maximum, columns.last].map(numberColumn),
        ]}
        rows={shown.map(({ id, name, look, organizations, values }) => {
          const { average, minimum, maximum, last } = summaryOf(values);
          return {
            id,
            cells: [
              <button
                key={id}
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
              </button>,
              organizations,
              ...[average, minimum, maximum, last].map(numberText),
            ],
          };
        })}
      />
      {found.length > shown.length && (
        <Button variant="quiet" onClick={() => setWhole(true)}>
          {messages.showAllSeries(found.length)}
        </Button>
      )}
    </div>
  );
}

export function numberColumn(label: string) {
  return { label, isNumber: true };
}

export function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? messages.noValue : formatMeasure(value);
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
