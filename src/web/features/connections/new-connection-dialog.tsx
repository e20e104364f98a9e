import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import {
  type ConnectionType,
  DEFAULT_CONNECTION_TYPES,
} from '../../../contract/org-connections/constants.ts';
import { obstacleToSharing } from './connection.ts';
import { hasFreeDestination, obstacleBetween } from '../../../rules/connections.ts';
import { errorMessages } from '../../api/request.ts';
import type { OrgUser } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { Callout, ErrorCallout } from '../../ui/callout.tsx';
import { Combobox, type ComboboxOption } from '../../ui/combobox.tsx';
import { Dialog, DialogBody, DialogFooter, type DialogFrame } from '../../ui/dialog.tsx';
import { formatCount, formatNumber } from '../../ui/format.ts';
import { WaitingDialog } from '../../common/waiting-dialog.tsx';
import { UsageMeter } from '../../ui/usage-meter.tsx';
import { obstacleToShare } from './connection.ts';
import { DataTypesField } from './data-types-field.tsx';
import styles from './new-connection-dialog.module.css';
import { connectionsOptions, type Org, orgsOptions, useCreateConnection } from './queries.ts';

interface NewConnectionDialogProps extends DialogFrame {
  user: OrgUser;
}

/** Shares data of the current organization with another one of the account. */
export function NewConnectionDialog({ user, ...dialog }: NewConnectionDialogProps) {
  const orgs = useQuery(orgsOptions(user.org.id));
  const connections = useQuery(connectionsOptions(user.org.id));
  const create = useCreateConnection(user);
  const reasonId = useId();
  const permissions = new Set(user.permissions);
  const obstacleToType = (type: ConnectionType) => obstacleToSharing(permissions, type);
  const [destinationId, setDestinationId] = useState<string>();
  const [types, setTypes] = useState<readonly ConnectionType[]>(() =>
    DEFAULT_CONNECTION_TYPES.filter((type) => obstacleToType(type) === undefined),
  );
  const [isTried, setIsTried] = useState(false);

  const source = orgs.data?.current;
  if (!orgs.data || !source || !connections.data) {
    return <WaitingDialog {...dialog} query={orgs.isError ? orgs : connections} />;
  }

  const { others } = orgs.data;
  const destination = others.find((org) => org.id === destinationId);
  const used = source.destinations_used ?? 0;
  const max = source.max_destinations ?? null;
  const obstacle = obstacleToShare(user, !source.cross_org_visibility) ?? obstacleToAdd(source, used, max);
  const connectedIds = new Set(
    connections.data.filter(({ side }) => side === 'source').map((connection) => connection.destination.id),
  );

  /** What was sent stays as it is until the answer comes; what failed is no longer said of something else. */
  function change(apply: () => void) {
    if (create.isPending) return;
    apply();
    create.reset();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    setIsTried(true);
    if (!destination || types.length === 0 || obstacle !== undefined || create.isPending) return;
    create.mutate({ destination, types }, { onSuccess: dialog.onClose });
  }

  return (
    <Dialog pending={create.isPending} {...dialog}>
      <form onSubmit={submit} noValidate>
        <DialogBody>
          {obstacle !== undefined && (
            <Callout tone="warning">
              <span id={reasonId}>{obstacle}</span>
            </Callout>
          )}
          <p className={styles.lead}>
            The destination will be able to query the chosen data of <strong>{source.name}</strong>. Nothing
            is copied: the data stay where they are.
          </p>
          <Combobox
            label="Destination organization"
            placeholder="Choose an organization"
            searchLabel="Search organizations"
            emptyText={
              others.length === 0
                ? 'This account has no other organization.'
                : 'No organization of this account has that name.'
            }
            options={others.map((org) => toOption(source, org, connectedIds))}
            value={destinationId}
            onChange={(id) => change(() => setDestinationId(id))}
            error={isTried && !destination ? 'Choose a destination organization.' : undefined}
          />
          <DataTypesField
            value={types}
            onChange={(changed) => change(() => setTypes(changed))}
            obstacleTo={obstacleToType}
            error={isTried && types.length === 0 ? 'Choose at least one data type.' : undefined}
          />
          <div className={styles.notes}>
            <Callout>
              The destination’s own settings will govern what it shows. It may, for example, put these data on
              public dashboards even where {source.name} does not allow them.
            </Callout>
            {source.hipaa && (
              <Callout tone="warning">
                {source.name} is a HIPAA organization: this connection may share protected health information
                (PHI), for which you are responsible.
              </Callout>
            )}
          </div>
          {create.isError && <ErrorCallout messages={errorMessages(create.error)} />}
        </DialogBody>
        <DialogFooter note={<DestinationsUsed used={used} max={max} />}>
          <Button onClick={dialog.onClose} disabled={create.isPending}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant="primary"
            pending={create.isPending}
            obstacle={obstacle}
            aria-describedby={obstacle && reasonId}
          >
            Connect
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

function DestinationsUsed({ used, max }: { used: number; max: number | null }) {
  if (max === null) return <p>{formatCount(used, 'destination')} used</p>;
  return (
    <p className={styles.used}>
      <UsageMeter used={used} max={max} />
      {formatNumber(used)} of {formatCount(max, 'destination')} used
    </p>
  );
}

/** Why no further destination fits; undefined: one does. */
function obstacleToAdd(source: Org, used: number, max: number | null): string | undefined {
  if (max === null || hasFreeDestination(used, max)) return undefined;
  return `${source.name} already shares with the maximum of ${formatCount(max, 'organization')}. Delete a connection to make room.`;
}

function toOption(source: Org, sink: Org, connectedIds: ReadonlySet<string>): ComboboxOption {
  const obstacle = obstacleBetween(source, sink, connectedIds.has(sink.id));
  const words = {
    itself: 'This organization',
    other_site: `On another site (${sink.site})`,
    source_feature_off: 'Cross-org visibility is off here',
    sink_feature_off: 'Cross-org visibility is off there',
    already_connected: 'Already connected',
  };
  return { id: sink.id, label: sink.name, obstacle: obstacle && words[obstacle] };
}
