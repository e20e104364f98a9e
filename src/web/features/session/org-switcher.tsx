import { Link } from 'react-router';
import type { OrgUser } from '../../api/session.ts';
import { classNames } from '../../ui/class-names.ts';
import { ChevronDownIcon } from 'lucide-react';
import { Menu, menuItem, MenuMark } from '../../ui/menu.tsx';
import { messages } from './messages.ts';
import styles from './top-bar.module.css';

interface OrgSwitcherProps {
  users: readonly OrgUser[];
  current: OrgUser;
  /** Returns the path of the current page in another organization. */
  pathIn: (orgId: string) => string;
}

/** Shows the current organization. The others are links, which can be opened in new tabs. */
export function OrgSwitcher({ users, current, pathIn }: OrgSwitcherProps) {
  if (users.length === 1) return <span className={styles.onlyOrg}>{current.org.name}</span>;
  return (
    <Menu
      label={messages.organization(current.org.name)}
      buttonClass={classNames(styles.trigger, styles.orgTrigger)}
      button={
        <>
          <span className="visually-hidden">{messages.organization(current.org.name)}</span>
          <span className={styles.orgName} aria-hidden="true">
            {current.org.name}
          </span>
          <ChevronDownIcon />
        </>
      }
    >
      {users.map(({ org }) => (
        <Link key={org.id} to={pathIn(org.id)} {...menuItem(org.id === current.org.id)}>
          <span>{org.name}</span>
          {org.id === current.org.id && <MenuMark />}
        </Link>
      ))}
    </Menu>
  );
}
