/**
 * Reason for a refused request.
 * - `invalid`: the request has faults; `messages` has one entry per fault.
 * - `refused`: a rule forbids the request for every caller; the message states the rule.
 * - `forbidden`: the caller lacks access; the message names the missing permission or the deciding rule.
 * - `not_found`: the object does not exist, or the caller may not know that it exists.
 * - `conflict`: the object collides with an existing one.
 * - `outdated`: the object has changed since the caller read it.
 */
export type Reason = 'invalid' | 'refused' | 'forbidden' | 'not_found' | 'conflict' | 'outdated';

/** The only error that rules throw. Its messages are meant for the caller. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly reason: Reason;
  readonly messages: readonly string[];

  constructor(reason: Reason, ...messages: string[]) {
    super(messages.join('; '));
    this.reason = reason;
    this.messages = messages;
  }
}
