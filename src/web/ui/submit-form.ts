import type { FormEvent } from 'react';
import { flushSync } from 'react-dom';

const INVALID = '[aria-invalid="true"], fieldset[data-invalid] input';

/** Handles the submission of a form: calls `submit`, then focuses the first field that is invalid. */
export function submitForm(event: FormEvent<HTMLFormElement>, submit: () => void) {
  event.preventDefault();
  const form = event.currentTarget;
  // Errors that `submit` finds must be in the page.
  flushSync(submit);
  form.querySelector<HTMLElement>(INVALID)?.focus();
}
