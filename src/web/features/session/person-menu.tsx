import type { ConsoleSession } from '../../../contract/console/schema.ts';
import { errorMessages } from '../../api/request.ts';
import { classNames } from '../../ui/class-names.ts';
import { Menu, MenuChoice, MenuHeading, menuItem, MenuSeparator } from '../../ui/menu.tsx';
import { useToast } from '../../ui/toast.tsx';
import { messages } from './messages.ts';
import { useSignOut } from './queries.ts';
import { THEMES, useTheme } from './theme.ts';
import styles from './top-bar.module.css';

interface PersonMenuProps {
  person: ConsoleSession['person'];
  onSignedOut: () => void;
}

export function PersonMenu({ person, onSignedOut }: PersonMenuProps) {
  const [theme, setTheme] = useTheme();
  const signOut = useSignOut(onSignedOut);
  const toast = useToast();

  return (
    <Menu
      align="end"
      label={messages.account(person.name)}
      buttonClass={classNames(styles.trigger, styles.personTrigger)}
      button={
        <>
          <span aria-hidden="true">{initials(person.name)}</span>
          <span className="visually-hidden">{messages.account(person.name)}</span>
        </>
      }
    >
      <MenuHeading>
        <strong>{person.name}</strong>
        <span>{person.email}</span>
      </MenuHeading>
      <MenuSeparator />
      <MenuChoice
        label={messages.theme}
        options={THEMES.map((value) => ({ value, label: messages.themes[value] }))}
        value={theme}
        onChange={setTheme}
      />
      <MenuSeparator />
      <button
        type="button"
        {...menuItem()}
        onClick={() =>
          signOut.mutate(undefined, { onError: (error) => toast(errorMessages(error).join(' '), 'danger') })
        }
      >
        {messages.signOut}
      </button>
    </Menu>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => word?.[0]?.toUpperCase())
    .join('');
}
