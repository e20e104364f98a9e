import {
  type Principal,
  type Relation,
  RELATIONS,
} from '../../../contract/restriction-policies/constants.ts';
import type { Policy } from '../../../rules/access.ts';

/** A policy as the dialog edits it: each principal once, in the order in which they stand. Undefined: none. */
export type Draft = ReadonlyMap<Principal, Relation> | undefined;

/** Who is viewer and editor at once stands as editor, which includes viewer. */
export function toDraft(policy: Policy | undefined): Draft {
  if (policy === undefined) return undefined;
  const draft = new Map<Principal, Relation>();
  for (const { relation, principals } of policy) {
    for (const principal of principals) {
      if (draft.get(principal) !== 'editor') draft.set(principal, relation);
    }
  }
  return draft;
}

/** The bindings that say what a draft says; a policy that names nobody is one all the same. */
export function toPolicy(draft: Draft): Policy | undefined {
  if (draft === undefined) return undefined;
  const named = (wanted: Relation) =>
    [...draft].filter(([, relation]) => relation === wanted).map(([principal]) => principal);
  const viewers = named('viewer');
  return [
    ...(viewers.length > 0 ? [{ relation: 'viewer' as const, principals: viewers }] : []),
    { relation: 'editor', principals: named('editor') },
  ];
}

export function sameDraft(one: Draft, other: Draft): boolean {
  return (
    (one === undefined) === (other === undefined) &&
    one?.size === other?.size &&
    changesBetween(one, other).length === 0
  );
}

/** What somebody did to one principal; absent: it was, or is, not named. */
export interface Change {
  principal: Principal;
  before: Relation | undefined;
  after: Relation | undefined;
}

/** What became of each principal from one draft to another; those of whom nothing changed are left out. */
export function changesBetween(before: Draft, after: Draft): Change[] {
  const principals = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  return [...principals]
    .map((principal) => ({
      principal,
      before: before?.get(principal),
      after: after?.get(principal),
    }))
    .filter((change) => change.before !== change.after);
}

const RANK = [undefined, ...RELATIONS];

/**
 * What one person made of a policy together with what another made of it meanwhile. Where both touched the same
 * principal, the lesser access counts: combining never widens it. Undefined if they cannot be combined, because one of
 * the two is no policy at all.
 */
export function combine(basis: Draft, mine: Draft, theirs: Draft): Draft {
  if (mine === undefined || theirs === undefined) return undefined;
  const combined = new Map(theirs);
  const contested = new Set(contestedBetween(basis, mine, theirs));
  for (const { principal, after } of changesBetween(basis, mine)) {
    const their = theirs.get(principal);
    const lesser = contested.has(principal) && RANK.indexOf(their) < RANK.indexOf(after) ? their : after;
    if (lesser === undefined) combined.delete(principal);
    else combined.set(principal, lesser);
  }
  return combined;
}

/** Whom both people changed, each in another way. */
export function contestedBetween(basis: Draft, mine: Draft, theirs: Draft): Principal[] {
  const touched = new Set(changesBetween(basis, theirs).map(({ principal }) => principal));
  return changesBetween(basis, mine)
    .filter(({ principal, after }) => touched.has(principal) && theirs?.get(principal) !== after)
    .map(({ principal }) => principal);
}
