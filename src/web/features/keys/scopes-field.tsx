import { PERMISSIONS, type PermissionName } from '../../../contract/permissions/constants.ts';
import { Checkbox, CheckboxGroup } from '../../ui/checkbox.tsx';
import { messages } from './messages.ts';
import styles from './scopes-field.module.css';

interface ScopesFieldProps {
  /** Permissions of the user. */
  permissions: readonly PermissionName[];
  value: readonly PermissionName[];
  onChange: (scopes: PermissionName[]) => void;
}

/** Limits an application key to some of its user's permissions. */
export function ScopesField({ permissions, value, onChange }: ScopesFieldProps) {
  // A scope without the user's permission has no effect, and stays until it is removed.
  const offered = PERMISSIONS.filter(({ name }) => permissions.includes(name) || value.includes(name));
  const groups = Map.groupBy(offered, (permission) => permission.group_name);

  return (
    <fieldset className={styles.scopes}>
      <legend className={styles.legend}>{messages.scopes}</legend>
      <output className={styles.meaning}>
        {value.length === 0 ? messages.noScopes : messages.scopeCount(value.length)}
      </output>
      <div className={styles.scroller}>
        <div className={styles.groups}>
          {[...groups].map(([group, members]) => (
            <CheckboxGroup key={group} legend={group}>
              {members.map(({ name, display_name }) => (
                <Checkbox
                  key={name}
                  label={permissions.includes(name) ? display_name : messages.scopeNotHeld(name)}
                  checked={value.includes(name)}
                  onChange={(checked) =>
                    onChange(
                      offered
                        .map((permission) => permission.name)
                        .filter((candidate) => (candidate === name ? checked : value.includes(candidate))),
                    )
                  }
                />
              ))}
            </CheckboxGroup>
          ))}
        </div>
      </div>
    </fieldset>
  );
}
