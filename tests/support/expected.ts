import { expect } from 'vitest';

/** An unknown id. */
export const UNKNOWN = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb';

export const UUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
export const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);

export const DONE = { status: 204, body: undefined };
export const UNAUTHORIZED = refusal(401, 'Unauthorized');

export function refusal(status: number, ...errors: string[]) {
  return { status, body: { errors } };
}

export function missingPermission(permission: string) {
  return refusal(403, `The permission ${permission} is required`);
}

export function notFound(noun: string, id: string) {
  return refusal(404, `${noun} ${id} not found`);
}

export function invalid(...faults: string[]) {
  return refusal(400, 'Validation failed for input.', ...faults);
}
