import { errorMessages } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorCallout } from '../../ui/callout.tsx';
import { messages } from './messages.ts';
import { useSignOut } from './queries.ts';

interface SignOutButtonProps {
  /** Called before the page reacts to the end of the session. */
  onSignedOut?: () => void;
}

export function SignOutButton({ onSignedOut = stayHere }: SignOutButtonProps) {
  const signOut = useSignOut(onSignedOut);
  return (
    <>
      {signOut.isError && <ErrorCallout messages={errorMessages(signOut.error)} />}
      <Button pending={signOut.isPending} onClick={() => signOut.mutate()}>
        {messages.signOut}
      </Button>
    </>
  );
}

function stayHere() {}
