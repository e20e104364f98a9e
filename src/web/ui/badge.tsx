import type { ReactNode } from 'react';
import styles from './badge.module.css';
import { classNames } from './class-names.ts';

export type BadgeHue = 'blue' | 'amber' | 'violet' | 'green' | 'rose';

/** A short fact about a thing. The hue is a help to the eye; the words carry the meaning. */
export function Badge({ hue, children }: { hue?: BadgeHue; children: ReactNode }) {
  return <span className={classNames(styles.badge, hue && styles[hue])}>{children}</span>;
}

/** A mark on one of several alike things: "This organization". A warning says that something is wrong with it. */
export function Tag({ tone, children }: { tone?: 'warning'; children: ReactNode }) {
  return <span className={classNames(styles.tag, tone && styles[tone])}>{children}</span>;
}
