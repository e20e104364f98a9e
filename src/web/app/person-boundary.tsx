import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react';
import { Navigate, useLocation } from 'react-router';
import { setPagePerson } from '../api/request.ts';
import { sessionOptions } from '../api/session.ts';
import { withoutDialog } from '../common/navigation.ts';
import { ToastProvider, useToast } from '../ui/toast.tsx';

/**
 * Separates the page of one person from the page of the next: when the signed-in person changes, everything below
 * remounts and an open dialog closes, so that no input, dialog or toast of the previous person is left. A toast tells the
 * new person if they signed in in another tab.
 */
export function PersonBoundary({ children }: { children: ReactNode }) {
  const { data: session } = useQuery({ ...sessionOptions, enabled: false });
  const person = session?.person;
  const { pathname, search } = useLocation();
  const [page, setPage] = useState<PageState>({ person, generation: 0, isTakenOver: false });

  if (page.person?.id !== person?.id) {
    const hasPrevious = page.person !== undefined;
    // A sign-in keeps the page, so that requests in flight are not sent twice.
    setPage({
      person,
      generation: page.generation + (hasPrevious ? 1 : 0),
      isTakenOver: hasPrevious && person !== undefined,
      left: hasPrevious ? pathname : undefined,
    });
  } else if (page.left !== undefined && page.left !== pathname) {
    setPage({ ...page, left: undefined });
  }

  // A layout effect: it runs before the effects in which the components below send their first requests.
  useLayoutEffect(() => {
    setPagePerson(person?.id);
    return () => setPagePerson(undefined);
  }, [person?.id]);

  const below = withoutDialog(pathname);
  const isDialogLeft = page.left === pathname && below !== pathname;
  return (
    <ToastProvider key={page.generation}>
      {page.isTakenOver && page.person && <PersonChangedNotice name={page.person.name} />}
      {isDialogLeft ? <Navigate to={{ pathname: below, search }} replace /> : children}
    </ToastProvider>
  );
}

interface PageState {
  person: { id: string; name: string } | undefined;
  generation: number;
  /** The person changed in another tab. */
  isTakenOver: boolean;
  /** Path that was open when the previous person left; undefined after it was left. */
  left?: string | undefined;
}

function PersonChangedNotice({ name }: { name: string }) {
  const toast = useToast();
  useEffect(
    () =>
      toast(
        `You are now signed in as ${name}, because the account changed in another tab. Unsaved changes on this page were discarded.`,
        'warning',
      ),
    [name, toast],
  );
  return null;
}
