import type { ComponentProps, MouseEvent } from 'react';
import styles from './button.module.css';
import { classNames } from './class-names.ts';
import { Spinner } from './spinner.tsx';
import { tooltip } from './tooltip.tsx';

interface ButtonProps extends ComponentProps<'button'> {
  variant?: ButtonVariant;
  /** Something that the button started is under way: it shows progress and cannot be pressed again. */
  pending?: boolean | undefined;
  /** Why the button does nothing now. It stays focusable, so that the reason can be reached. */
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
      {children}
    </button>
  );
}

/** A submit button that is only aria-disabled would still submit its form. */
function swallow(event: MouseEvent) {
  event.preventDefault();
}

/** The look of a button, for links. */
export function buttonClass(variant: ButtonVariant = 'secondary', extra?: string): string {
  return classNames(styles.button, styles[variant], extra);
}
