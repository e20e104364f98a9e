import { SegmentedControl } from '../../ui/segmented-control.tsx';
import { SearchField } from '../../ui/text-field.tsx';
import { formatCount, formatNumber } from '../../ui/format.ts';
import styles from './connection-filters.module.css';
import { type ListView, SIDES } from './list-view.ts';

interface ConnectionFiltersProps {
  view: ListView;
  onChange: (view: ListView) => void;
  shown: number;
  /** Undefined until it is known. */
  total: number | undefined;
}

export const FILTER_FIELD_ID = 'filter-connections';

export function ConnectionFilters({ view, onChange, shown, total }: ConnectionFiltersProps) {
  return (
    <div className={styles.filters}>
      <div className={styles.search}>
        <SearchField
          id={FILTER_FIELD_ID}
          label="Filter connections"
          placeholder="Organization, data type or person"
          value={view.filter}
          onChange={(filter) => onChange({ ...view, filter })}
        />
      </div>
      <SegmentedControl
        legend="Which connections to show"
        options={SIDES}
        value={view.side}
        onChange={(side) => onChange({ ...view, side })}
      />
      <output className={styles.count}>{total !== undefined && countOf(shown, total)}</output>
    </div>
  );
}

function countOf(shown: number, total: number): string {
  const count = formatCount(total, 'connection');
  return shown === total ? count : `${formatNumber(shown)} of ${count}`;
}
