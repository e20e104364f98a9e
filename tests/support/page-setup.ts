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

beforeEach(() => {
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
  expect(complaints.splice(0)).toEqual([]);
});
