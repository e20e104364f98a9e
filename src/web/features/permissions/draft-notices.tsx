import type { NamedPrincipal } from '../../../contract/access/schema.ts';
import { principalType } from '../../../contract/restriction-policies/constants.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { PlusIcon } from 'lucide-react';
import { messages } from './messages.ts';
import styles from './permissions-dialog.module.css';

interface OfferedDraftProps {
  onContinue: () => void;
  onDiscard: () => void;
}

/** Offers unsaved changes from the last time that the dialog was open. */
export function OfferedDraft({ onContinue, onDiscard }: OfferedDraftProps) {
  return (
    <Callout
      live="polite"
      action={
        <span className={styles.choices}>
          <Button variant="quiet" onClick={onContinue}>
            {messages.continueChanges}
          </Button>
          <Button variant="quiet" onClick={onDiscard}>
            {messages.discardChanges}
          </Button>
        </span>
      }
    >
      {messages.unsavedChanges}
    </Callout>
  );
}

/** Lets a user who manages access, but is not an editor, add themselves. */
export function ElevateAccess({ onElevate }: { onElevate: () => void }) {
  return (
    <Callout
      action={
        <Button variant="quiet" onClick={onElevate}>
          {messages.elevate}
        </Button>
      }
    >
      {messages.elevateHint}
    </Callout>
  );
}

interface LockoutWarningProps {
  /** Principals that include the user. */
  own: readonly NamedPrincipal[];
  onAdd: (named: NamedPrincipal) => void;
  /** Whether the user accepts losing access; undefined unless they manage access. */
  accepted: boolean | undefined;
  onAccept: (accepted: boolean) => void;
}

/** Warns that saving would lock the user out, and offers principals that include them. */
export function LockoutWarning({ own, onAdd, accepted, onAccept }: LockoutWarningProps) {
  return (
    <Callout tone="warning" live="polite">
      <p>{messages.lockout}</p>
      <span className={styles.choices}>
        {own.map((named) => (
          <Button key={named.principal} variant="quiet" onClick={() => onAdd(named)}>
            <PlusIcon />
            {principalType(named.principal) === 'org' ? messages.allMembersOf(named.name) : named.name}
          </Button>
        ))}
      </span>
      {accepted !== undefined && (
        <Checkbox label={messages.acceptLockout} checked={accepted} onChange={onAccept} />
      )}
    </Callout>
  );
}
