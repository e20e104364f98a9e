import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import {
  type ConnectionType,
  DEFAULT_CONNECTION_TYPES,
} from '../../../contract/org-connections/constants.ts';
import { hasFreeDestination, obstacleBetween } from '../../../rules/connections.ts';
import type { OrgUser } from '../../api/session.ts';
import { FormDialog } from '../../common/form-dialog.tsx';
import { useRestorable } from '../../common/kept-input.ts';
import { useFormEdit } from '../../common/use-form-edit.ts';
import { WaitingDialog } from '../../common/item-dialog.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Combobox } from '../../ui/combobox.tsx';
import type { ComboboxOption } from '../../ui/option-list.tsx';
import type { DialogFrame } from '../../ui/dialog-parts.tsx';
import { UsageMeter } from '../../ui/usage-meter.tsx';
import { obstacleToShare, obstacleToType, sameTypes } from './connection.ts';
import { DataTypesField } from './data-types-field.tsx';
import { messages } from './messages.ts';
import styles from './new-connection-dialog.module.css';
import { connectionsOptions, type Org, orgsOptions, useCreateConnection } from './queries.ts';

interface Input {
  destinationId?: string | undefined;
  types: readonly ConnectionType[];
}

interface NewConnectionDialogProps extends DialogFrame {
  user: OrgUser;
}

/** Shares data of the current organization with another one of the account. */
export function NewConnectionDialog({ user, ...frame }: NewConnectionDialogProps) {
  const orgs = useQuery(orgsOptions(user.org.id));
  const connections = useQuery(connectionsOptions(user.org.id));
  const create = useCreateConnection(user);
  const edit = useFormEdit(create);
  const reasonId = useId();
  const kept = useRestorable<Input>(user);
  const [destinationId, setDestinationId] = useState(kept.restored?.destinationId);
  const [initialTypes] = useState(() => preselectedTypes(user));
  const [types, setTypes] = useState(kept.restored?.types ?? initialTypes);
  const [isTried, setIsTried] = useState(false);

  const source = orgs.data?.current;
  if (!orgs.data || !source || !connections.data) {
    return <WaitingDialog {...frame} query={orgs.isError ? orgs : connections} />;
  }

  const { others } = orgs.data;
  const destination = others.find((org) => org.id === destinationId);
  const used = source.destinations_used ?? 0;
  const max = source.max_destinations ?? null;
  const obstacle = obstacleToShare(user, !source.cross_org_visibility) ?? obstacleToAdd(source, used, max);
  const connectedIds = new Set(
    connections.data.filter(({ side }) => side === 'source').map((connection) => connection.destination.id),
  );

  function submit() {
    setIsTried(true);
    if (!destination || types.length === 0 || obstacle !== undefined) return;
    create.mutate({ destination, types }, { onSuccess: frame.onClose });
  }

  return (
    <FormDialog
      {...frame}
      pending={create.isPending}
      submitError={create.error}
      submit={{ label: messages.connect, obstacle, describedBy: obstacle && reasonId }}
      onSubmit={submit}
      hasUnsavedChanges={
        !create.isSuccess && (destinationId !== undefined || !sameTypes(types, initialTypes))
      }
      input={{ ...kept, current: { destinationId, types } satisfies Input }}
      note={<DestinationsUsed used={used} max={max} />}
    >
      {obstacle !== undefined && (
        <Callout tone="warning">
          <span id={reasonId}>{obstacle}</span>
        </Callout>
      )}
      <p className={styles.lead}>{messages.newLead(source.name)}</p>
      <Combobox
        label={messages.destinationLabel}
        placeholder={messages.destinationPlaceholder}
        searchLabel={messages.destinationSearch}
        emptyText={others.length === 0 ? messages.noOtherOrganization : messages.noSuchOrganization}
        options={others.map((org) => toOption(source, org, connectedIds))}
        value={destinationId}
        onChange={(id) => edit(() => setDestinationId(id))}
        error={isTried && !destination ? messages.destinationMissing : undefined}
      />
      <DataTypesField
        value={types}
        onChange={(changed) => edit(() => setTypes(changed))}
        obstacleTo={(type) => obstacleToType(user, type)}
        error={isTried && types.length === 0 ? messages.typesMissing : undefined}
      />
      <Notes source={source} />
    </FormDialog>
  );
}

function preselectedTypes(user: OrgUser): readonly ConnectionType[] {
  return DEFAULT_CONNECTION_TYPES.filter((type) => obstacleToType(user, type) === undefined);
}

/** What to know before sharing data. */
function Notes({ source }: { source: Org }) {
  return (
    <div className={styles.notes}>
      <Callout>{messages.settingsNote(source.name)}</Callout>
      {source.hipaa && <Callout tone="warning">{messages.hipaaNote(source.name)}</Callout>}
    </div>
  );
}

function DestinationsUsed({ used, max }: { used: number; max: number | null }) {
  if (max === null) return <p>{messages.destinationsUsed(used)}</p>;
  return (
    <p className={styles.used}>
      <UsageMeter used={used} max={max} />
      <span>{messages.destinationsUsedOf(used, max)}</span>
    </p>
  );
}

/** Returns why the source cannot have another destination, or undefined. */
function obstacleToAdd(source: Org, used: number, max: number | null): string | undefined {
  if (max === null || hasFreeDestination(used, max)) return undefined;
  return messages.limitReached(source.name, max);
}

function toOption(source: Org, sink: Org, connectedIds: ReadonlySet<string>): ComboboxOption {
  const obstacle = obstacleBetween(source, sink, connectedIds.has(sink.id));
  return {
    id: sink.id,
    label: sink.name,
    obstacle: obstacle && messages.destinationObstacle(obstacle, sink.site),
  };
}
