import {
  type Principal,
  type Relation,
  RELATIONS,
} from '../../../contract/restriction-policies/constants.ts';
import type { Policy } from '../../../rules/access.ts';

/** A policy while it is edited: each principal once, in order. Undefined: no policy. */
export type Draft = ReadonlyMap<Principal, Relation> | undefined;

/** A principal that is viewer and editor becomes editor, which includes viewer. */
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

/** Returns the bindings of a draft. A policy without principals is still a policy. */
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

/** Change of one principal's relation; undefined: not in the policy. */
export interface Change {
  principal: Principal;
  before: Relation | undefined;
  after: Relation | undefined;
}

/** Returns the principals whose relation differs between two drafts. */
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
 * Combines the changes that two people made to a policy. If both changed a principal, it gets the lesser access, so that
 * combining never widens access. Returns undefined if one of them removed the policy.
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

/** Returns the principals that both people changed, in different ways. */
export function contestedBetween(basis: Draft, mine: Draft, theirs: Draft): Principal[] {
  const touched = new Set(changesBetween(basis, theirs).map(({ principal }) => principal));
  return changesBetween(basis, mine)
    .filter(({ principal, after }) => touched.has(principal) && theirs?.get(principal) !== after)
    .map(({ principal }) => principal);
}
