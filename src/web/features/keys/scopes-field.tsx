import { PERMISSIONS, type PermissionName } from '../../../contract/permissions/constants.ts';
import { Checkbox, CheckboxGroup } from '../../ui/checkbox.tsx';
import { formatCount } from '../../ui/format.ts';
import styles from './scopes-field.module.css';

interface ScopesFieldProps {
  /** What the person may do, and so may let a key do. */
  permissions: readonly PermissionName[];
  value: readonly PermissionName[];
  onChange: (scopes: PermissionName[]) => void;
}

/** Narrows an application key to some of its user's permissions. */
export function ScopesField({ permissions, value, onChange }: ScopesFieldProps) {
  // A scope that the person does not hold now gives the key nothing, and stays unless it is taken away.
  const offered = PERMISSIONS.filter(({ name }) => permissions.includes(name) || value.includes(name));
  const groups = Map.groupBy(offered, (permission) => permission.group_name);

  return (
    <fieldset className={styles.scopes}>
      <legend className={styles.legend}>Scopes</legend>
      <output className={styles.meaning}>
        {value.length === 0
          ? 'No scopes selected: the key has all your current and future permissions.'
          : `The key has ${formatCount(value.length, 'permission')}, as long as you have them yourself.`}
      </output>
      <div className={styles.scroller}>
        <div className={styles.groups}>
          {[...groups].map(([group, members]) => (
            <CheckboxGroup key={group} legend={group}>
              {members.map(({ name, display_name }) => (
                <Checkbox
                  key={name}
                  label={permissions.includes(name) ? display_name : `${display_name} (you do not have it)`}
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
