import { useState } from 'react';
import { tryParse } from '../../../query/errors.ts';
import { type MetricsForm, readMetricsForm } from '../../../query/metrics-form.ts';
import { AGGREGATORS, parseMetricsQuery } from '../../../query/metrics-query.ts';
import { parseTagFilter } from '../../../query/tag-filter.ts';
import { SelectField } from '../../ui/select.tsx';
import { SuggestField, type Token } from '../../ui/suggest-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { type QueriedOrg, useMetricNames, useMetricTags } from './completion.ts';
import { FunctionFields } from './function-fields.tsx';
import { AGGREGATOR_LABELS, messages } from './messages.ts';
import { keyAt, tagAt, wholeText } from './tokens.ts';
import { type Read, useDraft } from './use-draft.ts';

interface MetricsFieldsProps {
  org: QueriedOrg;
  form: MetricsForm;
  onChange: (form: MetricsForm) => void;
}

/** Fields of a metrics query. */
export function MetricsFields({ org, form, onChange }: MetricsFieldsProps) {
  const change = (changes: Partial<MetricsForm>) => onChange({ ...form, ...changes });
  return (
    <>
      <MetricField org={org} value={form.metric} onChange={(metric) => change({ metric })} />
      <ScopeField org={org} form={form} onChange={(scope) => change({ scope })} />
      <SelectField
        label={messages.aggregation}
        options={AGGREGATORS.map((value) => ({ value, label: AGGREGATOR_LABELS[value] }))}
        value={form.aggregator}
        onChange={(aggregator) => change({ aggregator })}
      />
      <GroupByField org={org} form={form} onChange={(by) => change({ by })} />
      <AsField form={form} onChange={onChange} />
      <RollupFields form={form} onChange={onChange} />
      <FunctionFields functions={form.functions} onChange={(functions) => change({ functions })} />
    </>
  );
}

interface MetricFieldProps {
  org: QueriedOrg;
  value: string;
  onChange: (metric: string) => void;
}

function MetricField({ org, value, onChange }: MetricFieldProps) {
  const [token, setToken] = useState<Token>();
  const completion = useMetricNames(org, token?.text);
  const draft = useDraft({ value, onChange, print: (metric) => metric, read: readMetric });
  return (
    <SuggestField
      label={messages.metric}
      placeholder={messages.metricPlaceholder}
      value={draft.text}
      onChange={draft.change}
      error={draft.fault}
      tokenAt={wholeText}
      onToken={setToken}
      monospace
      {...completion}
    />
  );
}

function readMetric(text: string): Read<string> {
  const metric = text.trim();
  if (metric === '') return { value: metric };
  const { fault } = tryParse(parseMetricsQuery, `avg:${metric}{*}`);
  return fault === undefined && /^[\w.]+$/.test(metric) ? { value: metric } : { fault: messages.notAMetric };
}

interface FormFieldProps<Value> {
  org: QueriedOrg;
  form: MetricsForm;
  onChange: (value: Value) => void;
}

function ScopeField({ org, form, onChange }: FormFieldProps<string>) {
  const [token, setToken] = useState<Token>();
  const completion = useMetricTags(org, form.metric, token?.text, false);
  const draft = useDraft({
    value: form.scope,
    onChange,
    print: (scope) => (scope === '*' ? '' : scope),
    read: readScope,
  });
  return (
    <SuggestField
      label={messages.scope}
      placeholder={messages.scopePlaceholder}
      value={draft.text}
      onChange={draft.change}
      error={draft.fault}
      tokenAt={tagAt}
      onToken={setToken}
      monospace
      {...completion}
    />
  );
}

function readScope(text: string): Read<string> {
  const scope = text.trim();
  if (scope === '') return { value: '*' };
  const { fault } = tryParse(parseTagFilter, scope);
  return fault === undefined ? { value: scope } : { fault };
}

function GroupByField({ org, form, onChange }: FormFieldProps<readonly string[]>) {
  const [token, setToken] = useState<Token>();
  const completion = useMetricTags(org, form.metric, token?.text, true);
  const draft = useDraft({ value: form.by, onChange, print: (by) => by.join(', '), read: readKeys });
  return (
    <SuggestField
      label={messages.groupBy}
      placeholder={messages.groupByPlaceholder}
      value={draft.text}
      onChange={draft.change}
      error={draft.fault}
      tokenAt={keyAt}
      onToken={setToken}
      monospace
      {...completion}
    />
  );
}

function readKeys(text: string): Read<readonly string[]> {
  const keys = text.split(/[\s,]+/).filter((key) => key !== '');
  const form = readMetricsForm(keys.length === 0 ? 'avg:x{*}' : `avg:x{*} by {${keys.join(',')}}`);
  if (form !== undefined) return { value: form.by };
  return { fault: messages.notKeys };
}

const AS_LABELS = { none: messages.asIs, count: messages.asCount, rate: messages.asRate } as const;

function AsField({ form, onChange }: Omit<FormFieldProps<MetricsForm>, 'org'>) {
  return (
    <SelectField
      label={messages.as}
      options={(['none', 'count', 'rate'] as const).map((value) => ({ value, label: AS_LABELS[value] }))}
      value={form.as ?? 'none'}
      onChange={(chosen) => {
        const { as: _previous, ...rest } = form;
        onChange(chosen === 'none' ? rest : { ...rest, as: chosen });
      }}
    />
  );
}

/** Seconds and method of a rollup. */
function RollupFields({ form, onChange }: Omit<FormFieldProps<MetricsForm>, 'org'>) {
  function change(rollup: NonNullable<MetricsForm['rollup']>) {
    const { rollup: _previous, ...rest } = form;
    onChange(Object.keys(rollup).length === 0 ? rest : { ...rest, rollup });
  }
  const draft = useDraft({
    value: form.rollup?.seconds,
    print: (seconds) => (seconds === undefined ? '' : String(seconds)),
    read: readSeconds,
    onChange: (seconds) => {
      const { seconds: _previous, ...rest } = form.rollup ?? {};
      change(seconds === undefined ? rest : { ...rest, seconds });
    },
  });
  return (
    <>
      <TextField
        label={messages.rollup}
        inputMode="numeric"
        placeholder={messages.automatic}
        value={draft.text}
        onChange={({ target }) => draft.change(target.value)}
        error={draft.fault}
      />
      <SelectField
        label={messages.rollupMethod}
        options={[
          { value: 'none' as const, label: messages.automatic },
          ...AGGREGATORS.map((value) => ({ value, label: AGGREGATOR_LABELS[value] })),
        ]}
        value={form.rollup?.method ?? 'none'}
        onChange={(method) => {
          const { method: _previous, ...rest } = form.rollup ?? {};
          change(method === 'none' ? rest : { ...rest, method });
        }}
      />
    </>
  );
}

function readSeconds(text: string): Read<number | undefined> {
  const written = text.trim();
  if (written === '') return { value: undefined };
  const isRollup = readMetricsForm(`avg:x{*}.rollup(${written})`)?.rollup?.seconds !== undefined;
  return isRollup ? { value: Number(written) } : { fault: messages.notSeconds };
}
