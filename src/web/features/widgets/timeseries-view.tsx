import { useState } from 'react';
import type { Display } from '../../../rules/widgets/definition.ts';
import type { TimeseriesResult } from '../../../rules/widgets/results.ts';
import { formatDateTime, formatMeasure } from '../../i18n/format.ts';
import { TimeChart } from '../../ui/time-chart.tsx';
import { messages } from './messages.ts';
import { type FormulaName, namedSeries } from './series-names.ts';
import { SeriesTable } from './series-table.tsx';

interface TimeseriesViewProps {
  result: TimeseriesResult;
  range: { from: number; to: number };
  display: Display;
  formulas: readonly FormulaName[];
  onSelectRange: (from: number, to: number) => void;
}

/** A chart, and the table of its series. A series can stand out, or be shown alone. */
export function TimeseriesView({ result, range, display, formulas, onSelectRange }: TimeseriesViewProps) {
  const [emphasized, setEmphasized] = useState<string>();
  const [isolated, setIsolated] = useState<string>();
  const series = namedSeries(result.series, formulas);
  const alone = series.filter(({ id }) => id === isolated);

  return (
    <>
      <TimeChart
        label={messages.chart(formulas.map(({ name }) => name))}
        hint={messages.chartHint}
        display={display}
        from={range.from}
        to={range.to}
        times={result.times}
        series={alone.length > 0 ? alone : series}
        emphasized={emphasized}
        syncKey="explore"
        formatValue={formatMeasure}
        formatTime={(time) => formatDateTime(new Date(time))}
        describe={(time, values) =>
          messages.at(
            time,
            values.map(({ label, value }) => `${label} ${value}`),
          )
        }
        describeMore={messages.more}
        onSelectRange={onSelectRange}
      />
      <SeriesTable
        series={series}
        isolated={alone.length > 0 ? isolated : undefined}
        onIsolate={setIsolated}
        onEmphasize={setEmphasized}
      />
    </>
  );
}
