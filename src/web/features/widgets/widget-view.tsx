import { displayOf, type JsonObject, kindOf } from '../../../rules/widgets/definition.ts';
import type { QuerySource } from '../../common/query-source.ts';
import { classNames } from '../../ui/class-names.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { formatNumber } from '../../i18n/format.ts';
import { messages } from './messages.ts';
import type { WidgetResult } from './queries.ts';
import { QueryValueView, TableView, ToplistView } from './scalar-views.tsx';
import { type FormulaName, formulaNames } from './series-names.ts';
import { TimeseriesView } from './timeseries-view.tsx';
import { useRunningSeconds, type WidgetRun } from './use-widget-result.ts';
import styles from './widget-view.module.css';

interface WidgetViewProps {
  definition: JsonObject;
  sources: readonly QuerySource[];
  run: WidgetRun;
  /** Nothing can be run: a query has no metric yet, or a mistake. */
  isEmpty: boolean;
  onSelectRange: (from: number, to: number) => void;
}

/** What the queries of a widget return, drawn. An outdated picture stays, dimmed, until the next one is there. */
export function WidgetView({ definition, sources, run, isEmpty, onSelectRange }: WidgetViewProps) {
  const { result, errors, isOutdated, isRunning, isStopped } = run;
  const formulas = formulaNames(definition, sources);
  return (
    <div className={styles.view} aria-busy={isRunning}>
      <Progress run={run} />
      {errors && (
        <Callout
          tone="danger"
          live="assertive"
          action={<Button onClick={run.rerun}>{messages.retry}</Button>}
        >
          {messages.failed} {errors.join(' ')}
        </Callout>
      )}
      {isStopped && (
        <Callout live="polite" action={<Button onClick={run.rerun}>{messages.runAgain}</Button>}>
          {messages.stopped}
        </Callout>
      )}
      {result && !isOutdated && <Failures failures={result.failures} formulas={formulas} />}
      <div className={classNames(styles.picture, isOutdated && styles.outdated)}>
        {isEmpty && <p className={styles.note}>{messages.noQuery}</p>}
        {!isEmpty && result && <Picture {...{ definition, result, formulas, onSelectRange }} />}
      </div>
    </div>
  );
}

function Progress({ run: { isRunning, stop } }: { run: WidgetRun }) {
  const seconds = useRunningSeconds(isRunning);
  return (
    <div className={styles.progress}>
      <output className={seconds === undefined ? 'visually-hidden' : undefined}>
        {seconds !== undefined && messages.runningFor(formatNumber(seconds))}
      </output>
      {seconds !== undefined && (
        <Button variant="quiet" onClick={stop}>
          {messages.stop}
        </Button>
      )}
    </div>
  );
}

interface FailuresProps {
  failures: WidgetResult['failures'];
  formulas: readonly FormulaName[];
}

/** Why formulas have no result, while others do. */
function Failures({ failures, formulas }: FailuresProps) {
  return [...failures].map(([index, errors]) => (
    <Callout key={index} tone="danger" live="polite">
      {messages.formulaFailed(formulas[index]?.name ?? '', errors.join(' '))}
    </Callout>
  ));
}

interface PictureProps {
  definition: JsonObject;
  result: WidgetResult;
  formulas: readonly FormulaName[];
  onSelectRange: (from: number, to: number) => void;
}

function Picture({ definition, result, formulas, onSelectRange }: PictureProps) {
  const kind = kindOf(definition) ?? 'timeseries';
  const { timeseries, scalars, range, failures } = result;
  const isBlank = kind === 'timeseries' ? timeseries.series.length === 0 : scalars.length === 0;
  if (isBlank && failures.size === formulas.length) return null;
  if (isBlank) return <p className={styles.note}>{messages.noData}</p>;
  if (kind === 'timeseries') {
    const display = displayOf(definition);
    return <TimeseriesView result={timeseries} {...{ range, display, formulas, onSelectRange }} />;
  }
  const views = { query_value: QueryValueView, toplist: ToplistView, query_table: TableView };
  const View = views[kind];
  return <View values={scalars} formulas={formulas} />;
}
