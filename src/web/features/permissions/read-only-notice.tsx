import { type Principal, principalType } from '../../../contract/restriction-policies/constants.ts';
import type { OrgUser } from '../../api/session.ts';
import { Callout } from '../../ui/callout.tsx';
import { messages } from './messages.ts';
import type { Draft } from './policy-draft.ts';
import { nameOf, type Names } from './principal-names.tsx';

interface ReadOnlyNoticeProps {
  user: OrgUser;
  policy: Draft;
  names: Names;
  isEditor: boolean;
  /** Names of people who can change the policy. */
  helpers: readonly string[];
}

/** Explains why the user cannot change the policy, and who can help. */
export function ReadOnlyNotice({ user, policy, names, isEditor, helpers }: ReadOnlyNoticeProps) {
  const { name: org } = user.org;
  if (isEditor) {
    return (
      <Callout>
        <p>{messages.needsWrite(org)}</p>
      </Callout>
    );
  }
  const mayWrite = user.permissions.includes('org_connections_write');
  const editors = editorNames(policy, names);
  const people = helpers.filter((name) => !editors.includes(name));
  return (
    <Callout>
      <p>{mayWrite ? messages.notEditor : messages.notEditorNeedsWrite(org)}</p>
      <p>{editors.length > 0 ? messages.askEditors(editors, people) : messages.noEditors(org)}</p>
    </Callout>
  );
}

/** Users come first, so that the people named after the editors follow the roles and teams that they belong to. */
function editorNames(policy: Draft, names: Names): string[] {
  return [...(policy ?? [])]
    .flatMap(([principal, relation]) => (relation === 'editor' ? [principal] : []))
    .toSorted((a, b) => Number(isUser(b)) - Number(isUser(a)))
    .map((principal) => nameOf(principal, names));
}

function isUser(principal: Principal): boolean {
  return principalType(principal) === 'user';
}
