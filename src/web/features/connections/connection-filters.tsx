import { SegmentedControl } from '../../ui/segmented-control.tsx';
import { SearchField } from '../../ui/text-field.tsx';
import { messages } from './messages.ts';
import styles from './connection-filters.module.css';
import { type ListView, SIDES } from './list-view.ts';

interface ConnectionFiltersProps {
  view: ListView;
  onChange: (view: ListView) => void;
  shown: number;
  /** Undefined until the list is loaded. */
  total: number | undefined;
}

export const FILTER_FIELD_ID = 'filter-connections';

export function ConnectionFilters({ view, onChange, shown, total }: ConnectionFiltersProps) {
  return (
    <div className={styles.filters}>
      <div className={styles.search}>
        <SearchField
          id={FILTER_FIELD_ID}
          label={messages.filterLabel}
          placeholder={messages.filterPlaceholder}
          value={view.filter}
          onChange={(filter) => onChange({ ...view, filter })}
        />
      </div>
      <SegmentedControl
        legend={messages.sidesLegend}
        options={SIDES.map((value) => ({ value, label: messages.sides[value] }))}
        value={view.side}
        onChange={(side) => onChange({ ...view, side })}
      />
      <output className={styles.count}>{total !== undefined && messages.count(shown, total)}</output>
    </div>
  );
}
