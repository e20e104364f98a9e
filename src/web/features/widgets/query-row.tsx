import { CopyIcon, PencilIcon, TextCursorInputIcon, Trash2Icon } from 'lucide-react';
import { useId, useState } from 'react';
import { type ConnectionType, isConnectionType } from '../../../contract/org-connections/constants.ts';
import { readMetricsForm, writeMetricsForm } from '../../../query/metrics-form.ts';
import { faultsOf } from '../../../rules/widgets/faults.ts';
import { type JsonObject, textOf } from '../../../rules/widgets/definition.ts';
import type { QuerySource } from '../../common/query-source.ts';
import { dataTypeLabels } from '../../i18n/labels.ts';
import { Callout } from '../../ui/callout.tsx';
import { Combobox } from '../../ui/combobox.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { SelectField } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { EventsFields } from './events-fields.tsx';
import { messages } from './messages.ts';
import { MetricsFields } from './metrics-fields.tsx';
import styles from './query-row.module.css';
import { DATA_TYPES, newQuery, sourceIdOf, withSource } from './query.ts';

interface QueryRowProps {
  name: string;
  query: JsonObject;
  /** The organization of the page first. One alone needs no choice. */
  sources: readonly QuerySource[];
  onChange: (query: JsonObject) => void;
  onDuplicate: (() => void) | undefined;
  onRemove: (() => void) | undefined;
}

/** A query of a widget: its data type, its organization, and its parts or its text. */
export function QueryRow({ name, query, sources, onChange, onDuplicate, onRemove }: QueryRowProps) {
  const headingId = useId();
  const [prefersText, setPrefersText] = useState(false);
  const type = textOf(query.data_source);
  const form = type === 'metrics' ? readMetricsForm(textOf(query.query)) : undefined;
  const isText = type === 'metrics' && (prefersText || form === undefined);

  return (
    <section className={styles.row} aria-labelledby={headingId}>
      <header className={styles.header}>
        <h3 id={headingId} className={styles.name}>
          <span className="visually-hidden">{messages.query(name)}</span>
          <span aria-hidden="true">{name}</span>
        </h3>
        <div className={styles.actions}>
          {type === 'metrics' && form && (
            <IconButton
              label={isText ? messages.editAsForm(name) : messages.editAsText(name)}
              icon={isText ? <PencilIcon /> : <TextCursorInputIcon />}
              onClick={() => setPrefersText(!isText)}
            />
          )}
          {onDuplicate && (
            <IconButton label={messages.duplicateQuery(name)} icon={<CopyIcon />} onClick={onDuplicate} />
          )}
          {onRemove && (
            <IconButton label={messages.removeQuery(name)} icon={<Trash2Icon />} onClick={onRemove} />
          )}
        </div>
      </header>
      {isConnectionType(type) ? (
        <div className={styles.fields}>
          <TypeField type={type} onChange={(chosen) => onChange(newQuery(chosen, query))} />
          {(sources.length > 1 || sourceIdOf(query) !== undefined) && (
            <SourceField
              type={type}
              sources={sources}
              value={sourceIdOf(query)}
              onChange={(id) => onChange(withSource(query, id))}
            />
          )}
          <Fields {...{ query, type, sources, isText, onChange }} />
        </div>
      ) : (
        <Callout>{messages.otherSource(type)}</Callout>
      )}
    </section>
  );
}

interface FieldsProps extends Pick<QueryRowProps, 'query' | 'sources' | 'onChange'> {
  type: ConnectionType;
  isText: boolean;
}

function Fields({ query, type, sources, isText, onChange }: FieldsProps) {
  const org = { orgId: sources[0]?.id ?? '', sourceId: sourceIdOf(query) };
  if (type !== 'metrics') return <EventsFields org={org} query={query} onChange={onChange} />;
  const form = readMetricsForm(textOf(query.query));
  if (isText || form === undefined) {
    const text = textOf(query.query);
    return (
      <TextField
        label={messages.queryText}
        value={text}
        spellCheck={false}
        hint={form === undefined ? messages.onlyText : undefined}
        error={text === '' ? undefined : faultsOf(query)[0]?.fault}
        onChange={({ target }) => onChange({ ...query, query: target.value })}
      />
    );
  }
  return (
    <MetricsFields
      org={org}
      form={form}
      onChange={(changed) => onChange({ ...query, query: writeMetricsForm(changed) })}
    />
  );
}

function TypeField({ type, onChange }: { type: ConnectionType; onChange: (type: ConnectionType) => void }) {
  return (
    <SelectField
      label={messages.dataType}
      options={DATA_TYPES.map((value) => ({ value, label: dataTypeLabels[value] }))}
      value={type}
      onChange={onChange}
    />
  );
}

interface SourceFieldProps {
  type: ConnectionType;
  sources: readonly QuerySource[];
  /** Undefined: the organization of the page. */
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}

/** The organization whose data a query reads. Those that the user cannot query say why. */
function SourceField({ type, sources, value, onChange }: SourceFieldProps) {
  const [own] = sources;
  const chosen = sources.find(({ id }) => id === (value ?? own?.id));
  const options = sources.map((source) => ({
    id: source.id,
    label: source.name,
    obstacle: source.obstacleTo(type),
  }));
  const unknown = {
    id: value ?? '',
    label: messages.unknownOrganization(value ?? ''),
    obstacle: messages.notConnected,
  };
  return (
    <Combobox
      label={messages.organization}
      placeholder={messages.organization}
      searchLabel={messages.searchOrganizations}
      emptyText={messages.noOrganization}
      options={chosen ? options : [...options, unknown]}
      value={chosen?.id ?? value}
      onChange={(id) => onChange(id === own?.id ? undefined : id)}
      error={chosen ? chosen.obstacleTo(type) : messages.notConnected}
    />
  );
}
