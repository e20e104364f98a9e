import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react';
import { setPagePerson } from '../api/request.ts';
import { sessionOptions } from '../api/session.ts';
import { ToastProvider, useToast } from '../ui/toast.tsx';

/**
 * Keeps the page of one person apart from the page of the next: when the signed-in person changes, everything below
 * remounts, so that no input, open dialog or toast of the previous person is left. If another tab of the browser changed
 * the person, a toast says so.
 */
export function PersonBoundary({ children }: { children: ReactNode }) {
  const { data: session } = useQuery({ ...sessionOptions, enabled: false });
  const person = session?.person;
  const [page, setPage] = useState({ person, number: 0, isTakenOver: false });

  if (page.person?.id !== person?.id) {
    const isLeft = page.person !== undefined;
    // A sign-in keeps the page, so that requests in flight are not sent twice.
    setPage({ person, number: page.number + (isLeft ? 1 : 0), isTakenOver: isLeft && person !== undefined });
  }

  // A layout effect: it runs before the effects in which the components below send their first requests.
  useLayoutEffect(() => {
    setPagePerson(person?.id);
    return () => setPagePerson(undefined);
  }, [person?.id]);

  return (
    <ToastProvider key={page.number}>
      {page.isTakenOver && page.person && <TakenOver by={page.person.name} />}
      {children}
    </ToastProvider>
  );
}

function TakenOver({ by }: { by: string }) {
  const toast = useToast();
  useEffect(
    () =>
      toast(
        `You are now signed in as ${by}. The person changed in another tab, so unsaved changes on this page were discarded.`,
        'warning',
      ),
    [by, toast],
  );
  return null;
}
