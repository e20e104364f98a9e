import type { NamedPrincipal } from '../../../contract/access/schema.ts';
import type { Principal, Relation } from '../../../contract/restriction-policies/constants.ts';
import { PICKER_ID, removeButtonId, RESTRICT_ID, SAVE_ID } from './element-ids.ts';
import { messages } from './messages.ts';
import type { Draft } from './policy-draft.ts';
import { nameOf, type Names } from './principal-names.tsx';
import type { PolicyDraft, ReadPolicy } from './use-policy-draft.ts';

interface ActionOptions {
  policy: PolicyDraft;
  /** The policy in force. */
  saved: ReadPolicy;
  names: Names;
  /** The user. */
  self: Principal;
  /** Makes a change, announces it, and moves focus to the first of some elements that can take it. */
  change: (apply: () => void, announced: string, ...focus: string[]) => void;
}

/** The changes that a user can make to the draft of a policy. */
export function policyActions({ policy, saved, names, self, change }: ActionOptions) {
  const { draft } = policy;

  function remove(principal: Principal) {
    const lines = [...(draft ?? [])];
    const index = lines.findIndex(([known]) => known === principal);
    const neighbor = (lines[index + 1] ?? lines[index - 1])?.[0];
    change(
      () => policy.change(new Map(lines.filter(([known]) => known !== principal))),
      messages.saidRemoved(nameOf(principal, names)),
      neighbor ? removeButtonId(neighbor) : PICKER_ID,
    );
  }

  function add(added: readonly NamedPrincipal[], announced: string, ...focus: string[]) {
    const next = new Map(draft);
    for (const { principal } of added) next.set(principal, 'editor');
    change(() => policy.change(next), announced, ...focus);
  }

  function addOwn(named: NamedPrincipal) {
    const isSelf = named.principal === self;
    add([named], isSelf ? messages.saidAddedYou : messages.saidAdded([named.name]), SAVE_ID);
  }

  return {
    /** Sets the relation of a principal in the policy, or removes it (undefined). */
    setRelation: (principal: Principal, relation: Relation | undefined) => {
      if (relation === undefined) remove(principal);
      else {
        change(
          () => policy.change(new Map(draft).set(principal, relation)),
          messages.saidRelation(nameOf(principal, names), relation),
        );
      }
    },
    add: (added: readonly NamedPrincipal[]) => add(added, messages.saidAdded(added.map(({ name }) => name))),
    /** Adds a principal that includes the user. */
    addOwn,
    addMyself: () => addOwn({ principal: self, name: messages.you }),
    restrict: () => change(policy.restrict, messages.saidRestrict, PICKER_ID),
    restore: () => change(policy.restore, messages.saidRestore, RESTRICT_ID),
    takeOffer: () => change(policy.takeOffer, messages.saidContinued, SAVE_ID),
    declineOffer: () => change(policy.declineOffer, messages.saidDiscarded, RESTRICT_ID, PICKER_ID),
    combine: (combined: Draft) =>
      change(() => policy.change(combined, saved), messages.saidCombined, SAVE_ID),
    keepMine: () => change(() => policy.change(draft, saved), messages.saidKept, SAVE_ID),
    takeTheirs: () =>
      change(() => policy.change(saved.policy, saved), messages.saidTaken, RESTRICT_ID, PICKER_ID),
  };
}
