import type { Principal } from '../../../contract/restriction-policies/constants.ts';

/* Ids of elements of the Permissions dialog that focus moves to. */

export const PICKER_ID = 'add-principals';
export const RESTRICT_ID = 'restrict-access';
export const SAVE_ID = 'save-policy';

export function removeButtonId(principal: Principal): string {
  return `remove-${principal}`;
}
