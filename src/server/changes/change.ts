import type { Logger } from 'pino';
import type { Actor } from '../../rules/access.ts';
import { type Db, type ScopedDb, scoped } from '../db/scope.ts';
import { reloadActor } from '../store/actors.ts';

/** What was changed, for the audit trail. */
interface ChangeEvent {
  action: 'created' | 'modified' | 'deleted';
  /** The resource that was changed, by its type on the wire. */
  resource: { type: string; id: string };
  /** The state before the change; absent if there was nothing. Never a secret. */
  before?: unknown;
  /** The new state; absent if it was deleted. Never a secret. */
  after?: unknown;
}

/** The result of a change function: what its caller needs to know, and the event. */
export interface Changed<Result> {
  result: Result;
  event: ChangeEvent;
}

/**
 * Changes state on behalf of an actor: runs one change function in a transaction within the actor's organization, and logs
 * its event. Requests that change an organization's resources go through here; intake, sign-in and accepting an invitation
 * do not.
 *
 * @param work gets the actor as they are now: a right that was taken away while the request waited no longer counts
 * @param answer reads the answer in the same transaction; without it, the result is the answer
 */
export function change<Result>(
  dependencies: ChangeDependencies,
  actor: Actor,
  work: (tx: ScopedDb, actor: Actor) => Promise<Changed<Result>>,
): Promise<Result>;
export function change<Result, Answer>(
  dependencies: ChangeDependencies,
  actor: Actor,
  work: (tx: ScopedDb, actor: Actor) => Promise<Changed<Result>>,
  answer: (tx: ScopedDb, result: Result) => Promise<Answer>,
): Promise<Answer>;
export async function change<Result, Answer>(
  { db, log }: ChangeDependencies,
  actor: Actor,
  work: (tx: ScopedDb, actor: Actor) => Promise<Changed<Result>>,
  answer?: (tx: ScopedDb, result: Result) => Promise<Answer>,
): Promise<Result | Answer> {
  const done = await scoped(db, actor, async (tx) => {
    const { result, event } = await work(tx, await reloadActor(tx, actor));
    return { answer: answer ? await answer(tx, result) : result, event };
  });
  log.info({ ...done.event, org: actor.orgId, user: actor.userId }, 'change');
  return done.answer;
}

interface ChangeDependencies {
  db: Db;
  log: Logger;
}
