import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './icon-button.module.css';
import { tooltip } from './tooltip.tsx';

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'aria-label'> {
  /** Accessible name. */
  label: string;
  icon: ReactNode;
}

/** A button with an icon. Its name is shown on hover and on focus. */
export function IconButton({ label, icon, ...props }: IconButtonProps) {
  return (
    <button
      type="button"
      {...props}
      {...tooltip(label)}
      className={iconButtonClass('neutral', props.className)}
      aria-label={label}
    >
      {icon}
    </button>
  );
}

/** Returns the class names of an icon button, for links. */
export function iconButtonClass(tone: 'neutral' | 'danger' = 'neutral', extra?: string): string {
  return classNames(styles.iconButton, styles[tone], extra);
}
