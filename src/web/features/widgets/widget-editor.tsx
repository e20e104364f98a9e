import { PlusIcon } from 'lucide-react';
import {
  formulasOf,
  type JsonObject,
  MAX_QUERIES,
  nameOf,
  nextName,
  queriesOf,
  textOf,
  withFormulas,
  withQueries,
} from '../../../rules/widgets/definition.ts';
import type { QuerySource } from '../../common/query-source.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { FormulaRow } from './formula-row.tsx';
import { messages } from './messages.ts';
import { newQuery } from './query.ts';
import { QueryRow } from './query-row.tsx';
import styles from './widget-editor.module.css';

interface WidgetEditorProps {
  definition: JsonObject;
  sources: readonly QuerySource[];
  onChange: (definition: JsonObject) => void;
}

/** The form of a widget: its queries and formulas. */
export function WidgetEditor({ definition, sources, onChange }: WidgetEditorProps) {
  const queries = queriesOf(definition);
  const formulas = formulasOf(definition);
  const others = Array.isArray(definition.requests) ? definition.requests.length - 1 : 0;
  const names = queries.map(nameOf);

  /** A new query is drawn too: where there are formulas, it gets one. */
  function add(query: JsonObject) {
    const named = { ...query, name: nextName(queries) };
    const changed = withQueries(definition, [...queries, named]);
    onChange(formulas.length === 0 ? changed : withFormulas(changed, [...formulas, { formula: named.name }]));
  }

  /** The formulas that are nothing but the removed query go with it. */
  function remove(index: number) {
    const name = names[index] ?? '';
    const changed = withQueries(definition, queries.toSpliced(index, 1));
    const kept = formulas.filter(({ formula }) => formula !== name);
    onChange(kept.length === formulas.length ? changed : withFormulas(changed, kept));
  }

  /** A formula takes the place of the queries that were drawn as they are. */
  function addFormula() {
    const combined = formulas.filter(({ formula }) => !names.includes(textOf(formula)));
    onChange(withFormulas(definition, [...combined, { formula: names.join(' + ') }]));
  }

  return (
    <div className={styles.editor}>
      {others > 0 && <Callout>{messages.otherRequests(others)}</Callout>}
      <section className={styles.section} aria-labelledby="explore-queries">
        <h2 id="explore-queries" className={styles.title}>
          {messages.queries}
        </h2>
        {queries.map((query, index) => (
          <QueryRow
            // oxlint-disable-next-line react/no-array-index-key -- names can be empty or occur twice
            key={`${index} ${names[index]}`}
            name={names[index] ?? ''}
            query={query}
            sources={sources}
            onChange={(changed) => onChange(withQueries(definition, queries.with(index, changed)))}
            onDuplicate={queries.length < MAX_QUERIES ? () => add(query) : undefined}
            onRemove={queries.length > 1 ? () => remove(index) : undefined}
          />
        ))}
        {queries.length < MAX_QUERIES && (
          <Button onClick={() => add(newQuery('metrics', {}))}>
            <PlusIcon />
            {messages.addQuery}
          </Button>
        )}
      </section>
      <section className={styles.section} aria-labelledby="explore-formulas">
        <h2 id="explore-formulas" className={styles.title}>
          {messages.formulas}
        </h2>
        {formulas.map((formula, index) => (
          <FormulaRow
            // oxlint-disable-next-line react/no-array-index-key -- formulas have no identity but their place
            key={index}
            index={index}
            formula={formula}
            queryNames={names}
            onChange={(changed) => onChange(withFormulas(definition, formulas.with(index, changed)))}
            onRemove={() => onChange(withFormulas(definition, formulas.toSpliced(index, 1)))}
          />
        ))}
        {formulas.length < MAX_QUERIES && (
          <Button onClick={addFormula}>
            <PlusIcon />
            {messages.addFormula}
          </Button>
        )}
      </section>
    </div>
  );
}
