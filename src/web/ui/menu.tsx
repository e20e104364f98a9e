import * as Radix from '@radix-ui/react-dropdown-menu';
import type { ReactElement, ReactNode } from 'react';
import { CheckIcon } from './icons.tsx';
import styles from './menu.module.css';

interface MenuProps {
  /** One button that takes a ref. Its name is the menu's. */
  trigger: ReactElement;
  align?: 'start' | 'end';
  children: ReactNode;
}

/**
 * A menu under a button. It is not modal: Radix's modal menu locks scrolling with a style element, which the
 * Content-Security-Policy refuses.
 */
export function Menu({ trigger, align = 'start', children }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Content className={styles.menu} align={align} sideOffset={6} collisionPadding={8} loop>
        {children}
      </Radix.Content>
    </Radix.Root>
  );
}

interface MenuItemProps {
  onSelect?: () => void;
  /** The one that is in force now. */
  current?: boolean;
  disabled?: boolean;
  /** With `asChild`, the one child is the item: a link. */
  asChild?: boolean;
  children: ReactNode;
}

export function MenuItem({ onSelect, disabled, asChild, current, children }: MenuItemProps) {
  return (
    <Radix.Item
      className={styles.item}
      asChild={asChild}
      disabled={disabled}
      aria-current={current || undefined}
      onSelect={onSelect}
    >
      {children}
    </Radix.Item>
  );
}

interface MenuChoiceProps<Value extends string> {
  label: string;
  options: readonly { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
}

/** One of a few, chosen in place: the menu stays open. */
export function MenuChoice<Value extends string>({
  label,
  options,
  value,
  onChange,
}: MenuChoiceProps<Value>) {
  return (
    <>
      <Radix.Label className={styles.label}>{label}</Radix.Label>
      <Radix.RadioGroup value={value} aria-label={label}>
        {options.map((option) => (
          <Radix.RadioItem
            key={option.value}
            value={option.value}
            className={styles.item}
            onSelect={(event) => {
              event.preventDefault();
              onChange(option.value);
            }}
          >
            {option.label}
            <Radix.ItemIndicator className={styles.indicator}>
              <CheckIcon />
            </Radix.ItemIndicator>
          </Radix.RadioItem>
        ))}
      </Radix.RadioGroup>
    </>
  );
}

export function MenuHeading({ children }: { children: ReactNode }) {
  return <Radix.Label className={styles.heading}>{children}</Radix.Label>;
}

export function MenuSeparator() {
  return <Radix.Separator className={styles.separator} />;
}

/** The mark beside the current item. */
export function MenuMark() {
  return (
    <span className={styles.indicator}>
      <CheckIcon />
    </span>
  );
}
