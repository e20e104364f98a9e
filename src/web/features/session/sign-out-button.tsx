import { errorMessages } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorCallout } from '../../ui/callout.tsx';
import { useSignOut } from './queries.ts';

interface SignOutButtonProps {
  /** Comes before the page notices that nobody is signed in. */
  onSignedOut?: () => void;
}

export function SignOutButton({ onSignedOut = stayHere }: SignOutButtonProps) {
  const signOut = useSignOut(onSignedOut);
  return (
    <>
      {signOut.isError && <ErrorCallout messages={errorMessages(signOut.error)} />}
      <Button pending={signOut.isPending} onClick={() => signOut.mutate()}>
        Sign out
      </Button>
    </>
  );
}

function stayHere() {}
