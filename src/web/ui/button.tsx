import type { ComponentProps, MouseEvent } from 'react';
import styles from './button.module.css';
import { classNames } from './class-names.ts';
import { Spinner } from './spinner.tsx';
import { textsInElements } from './texts.tsx';
import { tooltip } from './tooltip.tsx';

interface ButtonProps extends ComponentProps<'button'> {
  variant?: ButtonVariant;
  /** The action is running: the button shows a spinner and cannot be pressed. */
  pending?: boolean | undefined;
  /** Why the button is disabled. It stays focusable, so that the reason can be read. */
  obstacle?: string | undefined;
}

export type ButtonVariant = 'primary' | 'secondary' | 'danger' | 'quiet';

export function Button({ variant = 'secondary', pending, obstacle, children, ...props }: ButtonProps) {
  const inert = pending || obstacle !== undefined;

  return (
    <button
      type="button"
      {...props}
      {...tooltip(obstacle)}
      className={buttonClass(variant, props.className)}
      aria-disabled={inert || undefined}
      onClick={inert ? swallow : props.onClick}
    >
      {pending && <Spinner />}
      {textsInElements(children)}
    </button>
  );
}

/** A submit button with aria-disabled would still submit its form. */
function swallow(event: MouseEvent) {
  event.preventDefault();
}

/** Returns the class names of a button, for links. */
export function buttonClass(variant: ButtonVariant = 'secondary', extra?: string): string {
  return classNames(styles.button, styles[variant], extra);
}
