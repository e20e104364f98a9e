import { Children, type ReactNode } from 'react';

/**
 * Puts each text among children into an element of its own. A browser's translation replaces text nodes by elements, and React
 * fails when it inserts before such a text or removes it.
 */
export function textsInElements(children: ReactNode): ReactNode {
  return Children.map(children, (child) => (typeof child === 'string' ? <span>{child}</span> : child));
}
