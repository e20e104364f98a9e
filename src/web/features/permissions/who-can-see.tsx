import { useState } from 'react';
import type { AccessResponse } from '../../../contract/access/schema.ts';
import { errorMessages } from '../../api/request.ts';
import { Badge } from '../../ui/badge.tsx';
import { formatCount, formatNumber } from '../../ui/format.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { SearchField } from '../../ui/text-field.tsx';
import type { Draft } from './policy-draft.ts';
import styles from './permissions-dialog.module.css';
import { useAccess } from './queries.ts';

interface WhoCanSeeProps {
  orgId: string;
  connectionId: string;
  side: 'source' | 'destination';
  /** The policy on screen, saved or not. */
  draft: Draft;
}

/** The people whom the policy on screen lets query and edit: counted, and listed on demand. */
export function WhoCanSee({ orgId, connectionId, side, draft }: WhoCanSeeProps) {
  const [search, setSearch] = useState('');
  const access = useAccess(orgId, connectionId, draft, search);
  const { data } = access;

  const counts = data ? countsOf(data, side) : access.isError ? 'Not known' : undefined;

  return (
    <>
      {/* Heard when they change; within the summary they would be a part of its name. */}
      <output className="visually-hidden">{counts}</output>
      <details className={styles.whoCanSee}>
        <summary className={styles.summary}>
          <span className={styles.summaryTitle}>Who can see this?</span>
          <span className={styles.counts} aria-hidden="true">
            {counts ?? <Skeleton width="9rem" />}
          </span>
        </summary>
        {access.isError && (
          <p className={styles.nobody} role="alert">
            {errorMessages(access.error).join(' ')}
          </p>
        )}
        {data && (
          <div className={styles.people} aria-busy={access.isFetching}>
            {(data.people_found > data.people.length || search !== '') && (
              <SearchField
                label="Search people"
                placeholder="Name or e-mail"
                value={search}
                onChange={setSearch}
              />
            )}
            {data.people.length === 0 && (
              <p className={styles.nobody}>{search === '' ? 'Nobody.' : 'Nobody of that name has access.'}</p>
            )}
            {/* It scrolls, and the keyboard must reach it. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <ul className={styles.peopleList} aria-label="People with access" tabIndex={0}>
              {data.people.map((person) => (
                <li key={person.email} className={styles.person}>
                  <span className={styles.who}>
                    <span className={styles.name}>{person.name}</span>
                    <span className={styles.detail}>{person.email}</span>
                  </span>
                  {person.can_query && <Badge hue="blue">Query</Badge>}
                  {person.can_edit && <Badge hue="amber">Edit</Badge>}
                </li>
              ))}
            </ul>
            {data.people_found > data.people.length && (
              <p className={styles.detail}>
                {formatNumber(data.people.length)} of {formatCount(data.people_found, 'person', 'people')};
                search to find the others.
              </p>
            )}
          </div>
        )}
      </details>
    </>
  );
}

/** "3 people can query, 1 person can edit" */
function countsOf({ can_query, can_edit }: AccessResponse, side: 'source' | 'destination'): string {
  const edit = `${formatCount(can_edit, 'person', 'people')} can edit`;
  return side === 'source' ? edit : `${formatCount(can_query, 'person', 'people')} can query, ${edit}`;
}
