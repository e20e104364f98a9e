/**
 * Why something cannot be done.
 * - `invalid`: the request itself is wrong; `messages` has one entry per fault.
 * - `refused`: it cannot be done, whoever asks; the message stands for itself.
 * - `forbidden`: somebody else may do it; the message names the missing permission or the deciding rule.
 * - `not_found`: it does not exist, or the caller may not know that it does.
 * - `conflict`: it collides with what exists.
 * - `outdated`: it is no longer what the caller read before.
 */
export type Reason = 'invalid' | 'refused' | 'forbidden' | 'not_found' | 'conflict' | 'outdated';

/** The one error that rules throw. Its messages are written for the person or program that asked. */
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
