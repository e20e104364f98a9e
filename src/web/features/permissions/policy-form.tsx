import type { ReactNode } from 'react';
import { isChangedMeanwhile } from '../../api/request.ts';
import { FormDialog } from '../../common/form-dialog.tsx';
import { Button } from '../../ui/button.tsx';
import { LockIcon } from 'lucide-react';
import { ChangedMeanwhile } from './changed-meanwhile.tsx';
import { ElevateAccess, LockoutWarning, OfferedDraft } from './draft-notices.tsx';
import { PICKER_ID, RESTRICT_ID, SAVE_ID } from './element-ids.ts';
import { FullAccess } from './full-access.tsx';
import { messages } from './messages.ts';
import type { PermissionsDialogProps } from './permissions-dialog-props.ts';
import styles from './permissions-dialog.module.css';
import { PolicyLines } from './policy-lines.tsx';
import { PrincipalPicker } from './principal-picker.tsx';
import { ReadOnlyNotice } from './read-only-notice.tsx';
import type { ReadPolicy } from './use-policy-draft.ts';
import { type PolicyEditor, usePolicyEditor } from './use-policy-editor.ts';
import { WhoCanSee } from './who-can-see.tsx';

interface PolicyFormProps extends PermissionsDialogProps {
  /** The policy in force. */
  saved: ReadPolicy;
}

/** Edits a policy. Nothing takes effect before Save. */
export function PolicyForm({ user, connection, summary, onChanged, saved, ...frame }: PolicyFormProps) {
  const editor = usePolicyEditor({ user, connection, saved, onChanged });
  const { draft, mine, mayEdit, save } = editor;

  function leave() {
    editor.forget();
    frame.onClose();
  }

  return (
    <FormDialog
      {...frame}
      pending={save.isPending}
      // ChangedMeanwhile shows what the other user changed.
      submitError={isChangedMeanwhile(save.error) ? null : save.error}
      submit={
        mayEdit
          ? {
              label: messages.save,
              id: SAVE_ID,
              disabled: !mine,
              obstacle: mine && editor.obstacleToSave(),
            }
          : undefined
      }
      onSubmit={() =>
        mine && save.mutate({ ...mine, allowSelfLockout: editor.acceptsLockout }, { onSuccess: leave })
      }
      hasUnsavedChanges={mine !== undefined || editor.chosen.length > 0}
      input={editor.input}
      onDiscard={editor.forget}
      note={
        mayEdit &&
        draft !== undefined && (
          <Button variant="quiet" onClick={editor.restore}>
            {messages.restoreFullAccess}
          </Button>
        )
      }
    >
      {summary}
      {editor.hasOffer && <OfferedDraft onContinue={editor.takeOffer} onDiscard={editor.declineOffer} />}
      {!mayEdit && (
        <ReadOnlyNotice
          user={user}
          policy={saved.policy}
          names={editor.names}
          isEditor={editor.isSavedEditor}
          helpers={editor.helpers}
        />
      )}
      {mayEdit &&
        user.permissions.includes('user_access_manage') &&
        !editor.isSavedEditor &&
        !editor.isDraftEditor && <ElevateAccess onElevate={editor.addMyself} />}
      <AccessSection user={user} connection={connection} editor={editor} />
      <Conflicts user={user} connection={connection} saved={saved} editor={editor} />
      <WhoCanSee orgId={user.org.id} connectionId={connection.id} side={connection.side} draft={draft} />
      <output className="visually-hidden">{editor.announcement}</output>
    </FormDialog>
  );
}

interface SectionProps extends Pick<PermissionsDialogProps, 'user' | 'connection'> {
  editor: PolicyEditor;
}

/** Who has access: everyone, or the lines of the policy. */
function AccessSection({ user: { org }, connection: { side }, editor }: SectionProps): ReactNode {
  const { draft, mayEdit } = editor;
  if (draft === undefined) {
    return (
      <FullAccess
        restrictId={RESTRICT_ID}
        org={org.name}
        side={side}
        isChange={editor.mine !== undefined}
        onRestrict={mayEdit ? editor.restrict : undefined}
      />
    );
  }
  return (
    <>
      <p className={styles.meaning}>
        <LockIcon />
        <span>{messages.restricted[side]}</span>
      </p>
      <PolicyLines
        lines={draft}
        side={side}
        names={editor.names}
        mine={editor.principals}
        onChange={mayEdit ? editor.setRelation : undefined}
      />
      {mayEdit && (
        <PrincipalPicker
          id={PICKER_ID}
          orgId={org.id}
          draft={draft}
          chosen={editor.chosen}
          onChoose={editor.setChosen}
          onAdd={editor.addChosen}
        />
      )}
    </>
  );
}

/** What keeps the draft from being saved. */
function Conflicts({ user, connection, saved, editor }: SectionProps & { saved: ReadPolicy }) {
  const { mine, isOutdated } = editor;
  return (
    <>
      {editor.wouldLockOut && !isOutdated && (
        <LockoutWarning
          own={editor.own}
          onAdd={editor.addOwn}
          accepted={user.permissions.includes('user_access_manage') ? editor.acceptsLockout : undefined}
          onAccept={editor.setAcceptsLockout}
        />
      )}
      {mine && isOutdated && (
        <ChangedMeanwhile
          user={user}
          connectionId={connection.id}
          mine={mine}
          theirs={saved.policy}
          onCombine={editor.combine}
          onKeepMine={editor.keepMine}
          onTakeTheirs={editor.takeTheirs}
        />
      )}
    </>
  );
}
