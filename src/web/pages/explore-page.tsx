import { useQuery } from '@tanstack/react-query';
import { RedoIcon, UndoIcon } from 'lucide-react';
import { useState } from 'react';
import {
  DISPLAYS,
  displayOf,
  kindOf,
  WIDGET_KINDS,
  withDisplay,
  withKind,
} from '../../rules/widgets/definition.ts';
import { drawnFormulas } from '../../rules/widgets/requests.ts';
import { rangeOf, timeOf } from '../../rules/widgets/time.ts';
import { PAGES } from '../common/navigation.ts';
import { useDocumentTitle } from '../common/use-document-title.ts';
import { useOrgUser } from '../common/use-org-user.ts';
import { connectionsOptions } from '../features/connections/queries.ts';
import { querySources } from '../features/connections/query-sources.ts';
import { ApiRequest } from '../features/widgets/api-request.tsx';
import { JsonEditor } from '../features/widgets/json-editor.tsx';
import { DISPLAY_LABELS, KIND_LABELS, messages } from '../features/widgets/messages.ts';
import { TimePicker } from '../features/widgets/time-picker.tsx';
import { type Explore, useExplore } from '../features/widgets/use-explore.ts';
import { useWidgetResult } from '../features/widgets/use-widget-result.ts';
import { WidgetEditor } from '../features/widgets/widget-editor.tsx';
import { WidgetView } from '../features/widgets/widget-view.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { SegmentedControl } from '../ui/segmented-control.tsx';
import { Select } from '../ui/select.tsx';
import styles from './explore-page.module.css';
import { PageHeader } from './page-header.tsx';

const TITLE = PAGES.explore.title;

/** Queries over one or several organizations, drawn as they are edited. The address holds all of it. */
export function ExplorePage() {
  const user = useOrgUser();
  useDocumentTitle(TITLE, user.org.name);
  const explore = useExplore();
  const { definition, isPaused, change, changeTime } = explore;
  const ownTime = timeOf(definition);
  const time = ownTime ?? explore.time;
  const canList = user.permissions.includes('org_connections_read');
  const connections = useQuery({ ...connectionsOptions(user.org.id), enabled: canList });
  const sources = querySources(connections.data ?? [], user);
  const run = useWidgetResult({ orgId: user.org.id, definition, time, isPaused });

  return (
    <>
      <PageHeader
        title={TITLE}
        part=""
        action={
          <div className={styles.toolbar}>
            {ownTime && <span className={styles.note}>{messages.ownTime}</span>}
            <TimePicker time={explore.time} isPaused={isPaused} onChange={changeTime} />
            <IconButton
              label={messages.undo}
              icon={<UndoIcon />}
              disabled={!explore.undo}
              onClick={explore.undo}
            />
            <IconButton
              label={messages.redo}
              icon={<RedoIcon />}
              disabled={!explore.redo}
              onClick={explore.redo}
            />
          </div>
        }
      />
      <div className={styles.page}>
        <div className={styles.picture}>
          <KindPicker explore={explore} />
          <WidgetView
            definition={definition}
            sources={sources}
            run={run}
            isEmpty={drawnFormulas(definition).every((formula) => formula === undefined)}
            onSelectRange={(from, to) => changeTime({ time: { kind: 'fixed', from, to } })}
          />
        </div>
        <Editor explore={explore} sources={sources} change={change} />
      </div>
    </>
  );
}

function KindPicker({ explore: { definition, change } }: { explore: Explore }) {
  const kind = kindOf(definition) ?? 'timeseries';
  return (
    <div className={styles.toolbar}>
      <SegmentedControl
        legend={messages.kind}
        options={WIDGET_KINDS.map((value) => ({ value, label: KIND_LABELS[value] }))}
        value={kind}
        onChange={(chosen) => change(withKind(definition, chosen))}
      />
      {kind === 'timeseries' && (
        <Select
          label={messages.display}
          options={DISPLAYS.map((value) => ({ value, label: DISPLAY_LABELS[value] }))}
          value={displayOf(definition)}
          onChange={(display) => change(withDisplay(definition, display))}
        />
      )}
    </div>
  );
}

const TABS = { form: messages.form, json: messages.json, request: messages.apiRequest } as const;
type Tab = keyof typeof TABS;

interface EditorProps {
  explore: Explore;
  sources: ReturnType<typeof querySources>;
  change: Explore['change'];
}

/** The same widget as a form, as JSON, and as a request to the API. */
function Editor({ explore: { definition, time }, sources, change }: EditorProps) {
  const [tab, setTab] = useState<Tab>('form');
  const [openedAt] = useState(() => Date.now());
  return (
    <div className={styles.editor}>
      <SegmentedControl
        legend={messages.editorTabs}
        options={(['form', 'json', 'request'] as const).map((value) => ({ value, label: TABS[value] }))}
        value={tab}
        onChange={setTab}
      />
      {tab === 'form' && <WidgetEditor definition={definition} sources={sources} onChange={change} />}
      {tab === 'json' && <JsonEditor definition={definition} onChange={change} />}
      {tab === 'request' && <ApiRequest definition={definition} range={rangeOf(time, openedAt)} />}
    </div>
  );
}
