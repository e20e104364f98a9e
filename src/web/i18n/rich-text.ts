import { createElement, Fragment, type ReactNode } from 'react';

/** A sentence with elements in it: rich`Sign in as ${strong(email)} to join.` */
export function rich(texts: TemplateStringsArray, ...values: readonly ReactNode[]): ReactNode {
  const parts = texts.flatMap((text, index) => [text, values[index]]);
  return createElement(
    Fragment,
    null,
    // Each text in an element of its own, because a browser's translation replaces text nodes.
    ...parts.map((part) =>
      typeof part === 'string' && part !== '' ? createElement('span', null, part) : part,
    ),
  );
}

export function strong(text: string): ReactNode {
  return createElement('strong', null, text);
}
