import { Button } from '../../ui/button.tsx';
import { LockIcon, LockOpenIcon } from 'lucide-react';
import { messages } from './messages.ts';
import styles from './permissions-dialog.module.css';

interface FullAccessProps {
  /** Element id of the button. */
  restrictId: string;
  org: string;
  side: 'source' | 'destination';
  /** Full access is an unsaved change. */
  isChange: boolean;
  /** Undefined: read-only. */
  onRestrict: (() => void) | undefined;
}

/** Explains who has access without a policy. */
export function FullAccess({ restrictId, org, side, isChange, onRestrict }: FullAccessProps) {
  return (
    <div className={styles.fullAccess}>
      <p className={styles.meaning}>
        <LockOpenIcon />
        <span>{isChange ? messages.fullAccessAfterSave(org, side) : messages.fullAccess(org, side)}</span>
      </p>
      {onRestrict && (
        <Button id={restrictId} onClick={onRestrict}>
          <LockIcon />
          {messages.restrictAccess}
        </Button>
      )}
    </div>
  );
}
