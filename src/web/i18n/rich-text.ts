import { createElement, Fragment, type ReactNode } from 'react';

/** A sentence with elements in it: rich`Sign in as ${strong(email)} to join.` */
export function rich(texts: TemplateStringsArray, ...values: readonly ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...texts.flatMap((text, index) => [text, values[index]]));
}

export function strong(text: string): ReactNode {
  return createElement('strong', null, text);
}
