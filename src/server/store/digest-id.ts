import { createHash } from 'node:crypto';

/** Returns a digest of an object's identifying values, in the form of a UUID. */
export function digestId(identity: unknown): string {
  const digest = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
