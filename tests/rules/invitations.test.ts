import { describe, expect, it } from 'vitest';
import { decideAcceptance } from '../../src/rules/invitations.ts';

const HER = 'her id';
const SIGN_IN = 'Sign in as her@acme.example to accept this invitation';
const SWITCHED_OFF = 'Password sign-in is disabled here; use single sign-on';

describe('the link of an invitation', () => {
  // Whether she is somebody already, who is signed in, whether a password is given, whether passwords are on.
  it.each<[boolean, string | undefined, boolean, boolean, string | undefined]>([
    [false, undefined, true, true, undefined],
    [false, undefined, true, false, SWITCHED_OFF],
    [false, undefined, false, true, SIGN_IN],
    [false, 'his id', true, true, undefined],
    [false, 'his id', false, true, SIGN_IN],
    [true, undefined, true, true, SIGN_IN],
    [true, undefined, true, false, SWITCHED_OFF],
    [true, undefined, false, true, SIGN_IN],
    [true, 'his id', true, true, SIGN_IN],
    [true, 'his id', false, true, SIGN_IN],
    [true, HER, true, true, SIGN_IN],
    [true, HER, false, true, undefined],
    [true, HER, false, false, undefined],
  ])(
    'for somebody known: %s, used by %s, with a password: %s, where passwords are on: %s',
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
