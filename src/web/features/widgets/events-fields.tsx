import { PlusIcon, XIcon } from 'lucide-react';
import { useState } from 'react';
import { faultsOf } from '../../../rules/widgets/faults.ts';
import { type JsonObject, textOf } from '../../../rules/widgets/definition.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { SelectField } from '../../ui/select.tsx';
import { SuggestField, type Token } from '../../ui/suggest-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { type QueriedOrg, useFacets } from './completion.ts';
import {
  AGGREGATIONS,
  computeOf,
  type Grouping,
  groupingsOf,
  MAX_GROUP_LIMIT,
  MAX_GROUPINGS,
  searchOf,
  withAggregation,
  withGrouping,
  withMeasure,
  withNewGrouping,
  withoutGrouping,
  withSearch,
} from './events-query.ts';
import { AGGREGATION_LABELS, messages } from './messages.ts';
import styles from './query-row.module.css';
import { termAt, wholeText } from './tokens.ts';
import { type Read, useDraft } from './use-draft.ts';

interface EventsFieldsProps {
  org: QueriedOrg;
  query: JsonObject;
  onChange: (query: JsonObject) => void;
}

/** Fields of a query of logs, pipelines, tests or audit events. Mistakes stand beside them, because the text is kept. */
export function EventsFields({ org, query, onChange }: EventsFieldsProps) {
  const { aggregation, measure } = computeOf(query);
  const faults = faultsOf(query);
  const faultOf = (part: 'search' | 'metric') => faults.find((fault) => fault.part === part)?.fault;
  const dataSource = textOf(query.data_source);
  return (
    <>
      <FacetField
        label={messages.search}
        placeholder={messages.searchPlaceholder}
        org={org}
        dataSource={dataSource}
        withValues
        value={searchOf(query)}
        onChange={(text) => onChange(withSearch(query, text))}
        error={faultOf('search')}
      />
      <SelectField
        label={messages.aggregation}
        options={AGGREGATIONS.map((value) => ({ value, label: AGGREGATION_LABELS[value] }))}
        value={aggregation}
        onChange={(chosen) => onChange(withAggregation(query, chosen))}
      />
      {aggregation !== 'count' && (
        <FacetField
          label={messages.measure}
          placeholder={messages.measurePlaceholder}
          org={org}
          dataSource={dataSource}
          value={measure}
          onChange={(text) => onChange(withMeasure(query, text))}
          error={faultOf('metric') ?? (measure === '' ? messages.measureNeeded : undefined)}
        />
      )}
      <fieldset className={styles.functions}>
        <legend className={styles.legend}>{messages.groupBy}</legend>
        {groupingsOf(query).map((grouping, index) => (
          <GroupingFields
            // oxlint-disable-next-line react/no-array-index-key -- facets have no identity but their place
            key={index}
            org={org}
            dataSource={dataSource}
            grouping={grouping}
            error={faults.find((fault) => fault.part === 'group_by' && fault.index === index)?.fault}
            onChange={(changes) => onChange(withGrouping(query, index, changes))}
            onRemove={() => onChange(withoutGrouping(query, index))}
          />
        ))}
        {groupingsOf(query).length < MAX_GROUPINGS && (
          <Button variant="quiet" onClick={() => onChange(withNewGrouping(query))}>
            <PlusIcon />
            {messages.addGroup}
          </Button>
        )}
      </fieldset>
    </>
  );
}

interface GroupingFieldsProps {
  org: QueriedOrg;
  dataSource: string;
  grouping: Grouping;
  error: string | undefined;
  onChange: (changes: Partial<Grouping>) => void;
  onRemove: () => void;
}

function GroupingFields({ org, dataSource, grouping, error, onChange, onRemove }: GroupingFieldsProps) {
  const limit = useDraft({
    value: grouping.limit,
    onChange: (value) => onChange({ limit: value }),
    print: String,
    read: readLimit,
  });
  return (
    <div className={styles.function}>
      <FacetField
        label={messages.facet}
        labelHidden
        placeholder={messages.facetPlaceholder}
        org={org}
        dataSource={dataSource}
        value={grouping.facet}
        onChange={(facet) => onChange({ facet })}
        error={error}
      />
      <TextField
        label={messages.groupLimit(grouping.facet)}
        labelHidden
        inputMode="numeric"
        value={limit.text}
        onChange={({ target }) => limit.change(target.value)}
        error={limit.fault}
      />
      <IconButton label={messages.removeGroup(grouping.facet)} icon={<XIcon />} onClick={onRemove} />
    </div>
  );
}

function readLimit(text: string): Read<number> {
  const value = Number(text);
  const isLimit = Number.isInteger(value) && value >= 1 && value <= MAX_GROUP_LIMIT;
  return isLimit ? { value } : { fault: messages.notALimit };
}

interface FacetFieldProps {
  label: string;
  labelHidden?: boolean;
  placeholder: string;
  org: QueriedOrg;
  dataSource: string;
  /** The text is a search, in which values follow facets. */
  withValues?: boolean;
  value: string;
  onChange: (text: string) => void;
  error: string | undefined;
}

function FacetField({ org, dataSource, withValues = false, ...props }: FacetFieldProps) {
  const [token, setToken] = useState<Token>();
  const completion = useFacets(org, dataSource, token?.text, { withValues });
  return (
    <SuggestField
      {...props}
      tokenAt={withValues ? termAt : wholeText}
      onToken={setToken}
      monospace
      {...completion}
    />
  );
}
