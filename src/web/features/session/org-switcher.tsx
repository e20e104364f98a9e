import { Link } from 'react-router';
import type { OrgUser } from '../../api/session.ts';
import { classNames } from '../../ui/class-names.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { Menu, menuItem, MenuMark } from '../../ui/menu.tsx';
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
      label={`Organization: ${current.org.name}`}
      buttonClass={classNames(styles.trigger, styles.orgTrigger)}
      button={
        <>
          <span className="visually-hidden">Organization: </span>
          <span className={styles.orgName}>{current.org.name}</span>
          <ChevronIcon />
        </>
      }
    >
      {users.map(({ org }) => (
        <Link key={org.id} to={pathIn(org.id)} {...menuItem(org.id === current.org.id)}>
          {org.name}
          {org.id === current.org.id && <MenuMark />}
        </Link>
      ))}
    </Menu>
  );
}
