import { describe, expect, it } from 'vitest';
import { decideAcceptance } from '../../src/rules/invitations.ts';

const HER = 'her id';
const SIGN_IN = 'Sign in as her@acme.example to accept this invitation';
const DISABLED = 'Password sign-in is disabled here; use single sign-on';

describe('an invitation link', () => {
  // Whether the invited person exists, who is signed in, whether a password is set, whether password sign-in is enabled.
  it.each<[boolean, string | undefined, boolean, boolean, string | undefined]>([
    [false, undefined, true, true, undefined],
    [false, undefined, true, false, DISABLED],
    [false, undefined, false, true, SIGN_IN],
    [false, 'his id', true, true, undefined],
    [false, 'his id', false, true, SIGN_IN],
    [true, undefined, true, true, SIGN_IN],
    [true, undefined, true, false, DISABLED],
    [true, undefined, false, true, SIGN_IN],
    [true, 'his id', true, true, SIGN_IN],
    [true, 'his id', false, true, SIGN_IN],
    [true, HER, true, true, SIGN_IN],
    [true, HER, false, true, undefined],
    [true, HER, false, false, undefined],
  ])(
    'for an existing person: %s, used by %s, with a password: %s, password sign-in enabled: %s',
    (canSignIn, signedInAs, setsPassword, passwordSignIn, refusal) => {
      const decide = () =>
        decideAcceptance(
          { personId: HER, email: 'her@acme.example', canSignIn },
          { signedInAs, setsPassword, passwordSignIn },
        );
      if (refusal === undefined) expect(decide).not.toThrow();
      else expect(decide).toThrow(refusal);
    },
  );
});
