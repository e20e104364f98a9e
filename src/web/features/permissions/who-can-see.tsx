import { useState } from 'react';
import { errorMessages } from '../../api/request.ts';
import { Badge } from '../../ui/badge.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { SearchField } from '../../ui/text-field.tsx';
import type { Draft } from './policy-draft.ts';
import { messages } from './messages.ts';
import styles from './permissions-dialog.module.css';
import { useAccess } from './queries.ts';

interface WhoCanSeeProps {
  orgId: string;
  connectionId: string;
  side: 'source' | 'destination';
  /** Saved or not. */
  draft: Draft;
}

/** Counts the people that a policy gives access, and lists them on demand. */
export function WhoCanSee({ orgId, connectionId, side, draft }: WhoCanSeeProps) {
  const [search, setSearch] = useState('');
  const access = useAccess(orgId, connectionId, draft, search);
  const { data } = access;

  const counts = data
    ? messages.peopleCounts[side](data.can_query, data.can_edit)
    : access.isError
      ? messages.countsUnknown
      : undefined;

  return (
    <>
      {/* Announced on change; inside the summary, the counts would be part of its name. */}
      <output className="visually-hidden">{counts}</output>
      <details className={styles.whoCanSee}>
        <summary className={styles.summary}>
          <span className={styles.summaryTitle}>{messages.peopleTitle}</span>
          <span className={styles.counts} aria-hidden="true">
            {counts ?? <Skeleton width="9rem" />}
          </span>
        </summary>
        {access.isError && (
          <p className={styles.empty} role="alert">
            {errorMessages(access.error).join(' ')}
          </p>
        )}
        {data && (
          <div className={styles.people} aria-busy={access.isFetching}>
            {(data.people_found > data.people.length || search !== '') && (
              <SearchField
                label={messages.peopleSearch}
                placeholder={messages.peopleSearchPlaceholder}
                value={search}
                onChange={setSearch}
              />
            )}
            {data.people.length === 0 && (
              <p className={styles.empty}>
                {search === '' ? messages.noPeople[side] : messages.noSuchPeople}
              </p>
            )}
            {/* It must be focusable to scroll it with the keyboard. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <ul className={styles.peopleList} aria-label={messages.peopleLabel} tabIndex={0}>
              {data.people.map((person) => (
                <li key={person.email} className={styles.person}>
                  <span className={styles.who}>
                    <span className={styles.name}>{person.name}</span>
                    <span className={styles.detail}>{person.email}</span>
                  </span>
                  {person.can_query && <Badge hue="blue">{messages.canQuery}</Badge>}
                  {person.can_edit && <Badge hue="amber">{messages.canEdit}</Badge>}
                </li>
              ))}
            </ul>
            {data.people_found > data.people.length && (
              <p className={styles.detail}>{messages.morePeople(data.people.length, data.people_found)}</p>
            )}
          </div>
        )}
      </details>
    </>
  );
}
