import type { Logger } from 'pino';
import type { Actor, SystemActor, SystemOrigin } from '../../rules/access.ts';
import { type Db, type Scope, type ScopedDb, scoped } from '../db/scope.ts';
import { reloadActor } from '../store/actors.ts';

/** What was changed, for the audit trail. */
export interface ChangeEvent {
  action: 'created' | 'modified' | 'deleted';
  /** The resource that was changed, by its type on the wire. */
  resource: { type: string; id: string };
  /**
   * State before the change; absent if the resource did not exist. For members or permissions that were added or removed, only
   * those: added ones in `after`, removed ones in `before`. Never a secret.
   */
  before?: unknown;
  /** New state; absent if the resource was deleted. Never a secret. */
  after?: unknown;
}

/** The result of a change function: what its caller needs to know, and the event. Undefined if nothing changed. */
export interface Changed<Result> {
  result: Result;
  event: ChangeEvent | undefined;
}

/**
 * Changes state on behalf of a user: runs one change function in a transaction within the user's organization, and logs its
 * event.
 *
 * @param work receives the actor reloaded in the transaction: permissions revoked while the request waited no longer count
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
  if (done.event) log.info({ ...done.event, org: actor.orgId, user: actor.userId }, 'change');
  return done.answer;
}

/** A transaction of the system, in which it makes changes one by one. */
export interface SystemChanges {
  /** The transaction, for reads and locks. It is not limited to an organization. */
  db: Db;
  /** Makes one change outside organizations: of an account, an organization itself, or a person. */
  run: <Result>(work: (tx: Db) => Promise<Changed<Result>>) => Promise<Result>;
  /** Makes one change in an organization. */
  runIn: <Result>(
    scope: Scope,
    work: (tx: Db, actor: SystemActor) => Promise<Changed<Result>>,
  ) => Promise<Result>;
}

/**
 * Changes state on behalf of the system, in one transaction: for the directory file, sign-in, invitations and the demo. Logs
 * the events when the transaction has been committed, those of the demo at level debug.
 */
export async function changeAsSystem<Result>(
  { db, log }: ChangeDependencies,
  origin: SystemOrigin,
  work: (changes: SystemChanges) => Promise<Result>,
): Promise<Result> {
  const events: (ChangeEvent & { org?: string })[] = [];
  const result = await db.transaction().execute((tx) =>
    work({
      db: tx,
      async run(makeChange) {
        const changed = await makeChange(tx);
        if (changed.event) events.push(changed.event);
        return changed.result;
      },
      async runIn({ accountId, orgId }, makeChange) {
        const changed = await makeChange(tx, { kind: 'system', origin, accountId, orgId });
        if (changed.event) events.push({ ...changed.event, org: orgId });
        return changed.result;
      },
    }),
  );
  // The demo's own changes would bury the keys that its first start prints.
  const level = origin === 'demo' ? 'debug' : 'info';
  for (const event of events) log[level]({ ...event, system: origin }, 'change');
  return result;
}

export interface ChangeDependencies {
  db: Db;
  log: Logger;
}
