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
  if (isEditor) {
    return (
      <Callout>
        <p>{messages.needsWrite(user.org.name)}</p>
      </Callout>
    );
  }
  const editors = [...(policy ?? [])]
    .filter(([, relation]) => relation === 'editor')
    .map(([principal]) => nameOf(principal, names));
  return (
    <Callout>
      <p>{messages.notEditor}</p>
      <p>{editors.length > 0 ? messages.askEditors(editors) : messages.noEditors(user.org.name)}</p>
      {helpers.length > 0 && <p>{messages.askPeople(helpers)}</p>}
    </Callout>
  );
}
