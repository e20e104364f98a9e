import { Link } from 'react-router';
import type { OrgUser } from '../../api/session.ts';
import { classNames } from '../../ui/class-names.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { Menu, MenuItem, MenuMark } from '../../ui/menu.tsx';
import styles from './top-bar.module.css';

interface OrgSwitcherProps {
  users: readonly OrgUser[];
  current: OrgUser;
  /** The page that is open now, in another organization. */
  pathIn: (orgId: string) => string;
}

/** The organization that the page is about. The others are links: each can be opened in a tab of its own. */
export function OrgSwitcher({ users, current, pathIn }: OrgSwitcherProps) {
  if (users.length === 1) return <span className={styles.onlyOrg}>{current.org.name}</span>;
  return (
    <Menu
      trigger={
        <button
          type="button"
          className={classNames(styles.trigger, styles.orgTrigger)}
          aria-label={`Organization: ${current.org.name}`}
        >
          <span className={styles.orgName}>{current.org.name}</span>
          <ChevronIcon />
        </button>
      }
    >
      {users.map(({ org }) => (
        <MenuItem key={org.id} asChild current={org.id === current.org.id}>
          <Link to={pathIn(org.id)}>
            {org.name}
            {org.id === current.org.id && <MenuMark />}
          </Link>
        </MenuItem>
      ))}
    </Menu>
  );
}
