import { cleanup, configure } from '@testing-library/react';
import { SOON } from './time-factor.ts';
import { afterEach, beforeEach, expect, vi } from 'vitest';

// The pages wait for a real app over a real database.
configure({ asyncUtilTimeout: SOON.timeout });

// Functions that jsdom lacks, because it has no layout.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
Object.assign(Element.prototype, { scrollIntoView: () => undefined, hasPointerCapture: () => false });
Object.assign(HTMLDialogElement.prototype, {
  showModal(this: HTMLDialogElement) {
    this.open = true;
  },
  close(this: HTMLDialogElement) {
    this.open = false;
  },
});

/** Errors on the console fail the test: React's warnings, and our unexpected errors. */
const complaints: unknown[][] = [];

/** Elements in which a text stands beside another node. */
const mixed = new Set<string>();

/**
 * Finds text beside other nodes. A browser's translation replaces text nodes by elements; React can then neither insert before
 * a text nor remove it. A text that is alone in its element is safe.
 */
const watchTexts = new MutationObserver((records) => {
  for (const { target, addedNodes } of records) {
    const added = [...addedNodes].filter((node) => node instanceof Element);
    for (const element of [target, ...added.flatMap((node) => [node, ...node.querySelectorAll('*')])]) {
      const nodes = [...element.childNodes];
      if (nodes.length > 1 && nodes.some((node) => node instanceof Text && node.data.trim() !== '')) {
        mixed.add((element as Element).outerHTML.slice(0, 300));
      }
    }
  }
});

beforeEach(() => {
  watchTexts.observe(document.body, { childList: true, subtree: true });
  vi.spyOn(console, 'error').mockImplementation((...complaint: unknown[]) => {
    complaints.push(complaint);
  });
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  localStorage.clear();
  sessionStorage.clear();
  watchTexts.disconnect();
  const found = [...mixed];
  mixed.clear();
  expect(complaints.splice(0)).toEqual([]);
  expect(found, 'texts beside other nodes').toEqual([]);
});
