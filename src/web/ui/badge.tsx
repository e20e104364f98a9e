import type { ReactNode } from 'react';
import styles from './badge.module.css';
import { classNames } from './class-names.ts';

export type BadgeHue = 'blue' | 'amber' | 'violet' | 'green' | 'rose';

/** A short attribute of an object. The hue is decoration; the text has the meaning. */
export function Badge({ hue, children }: { hue?: BadgeHue; children: ReactNode }) {
  return <span className={classNames(styles.badge, hue && styles[hue])}>{children}</span>;
}

/** A mark on an item of a list: "This organization". */
export function Tag({ tone, children }: { tone?: 'warning'; children: ReactNode }) {
  return <span className={classNames(styles.tag, tone && styles[tone])}>{children}</span>;
}
