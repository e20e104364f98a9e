import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react';
import { Navigate, useLocation } from 'react-router';
import { setPagePerson } from '../api/request.ts';
import { sessionOptions } from '../api/session.ts';
import { forgetAllInput } from '../common/kept-input.ts';
import { withoutDialog } from '../common/navigation.ts';
import { readLastPersonId, writeLastPersonId } from './last-person.ts';
import { messages } from './messages.ts';
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
  const below = withoutDialog(pathname);
  const [page, setPage] = useState<PageState>(() => ({
    person: undefined,
    lastPersonId: readLastPersonId(),
    generation: 0,
    isTakenOver: false,
    mustCloseDialog: false,
  }));

  if (page.person?.id !== person?.id) {
    const hasPrevious = page.person !== undefined;
    const isOther = person !== undefined && page.lastPersonId !== null && page.lastPersonId !== person.id;
    setPage({
      person,
      lastPersonId: person?.id ?? page.lastPersonId,
      // A sign-in keeps the page, so that requests in flight are not sent twice.
      generation: page.generation + (hasPrevious ? 1 : 0),
      isTakenOver: hasPrevious && person !== undefined,
      mustCloseDialog: page.mustCloseDialog || isOther,
    });
  } else if (page.mustCloseDialog && below === pathname && pathname.startsWith('/orgs/')) {
    setPage({ ...page, mustCloseDialog: false });
  }

  // A layout effect: it runs before the effects in which the components below send their first requests.
  useLayoutEffect(() => {
    setPagePerson(person?.id);
    if (person) {
      if (readLastPersonId() !== person.id) forgetAllInput();
      writeLastPersonId(person.id);
    }
    return () => setPagePerson(undefined);
  }, [person]);

  return (
    <ToastProvider key={page.generation}>
      {page.isTakenOver && page.person && <PersonChangedNotice name={page.person.name} />}
      {page.mustCloseDialog && below !== pathname ? (
        <Navigate to={{ pathname: below, search }} replace />
      ) : (
        children
      )}
    </ToastProvider>
  );
}

interface PageState {
  person: { id: string; name: string } | undefined;
  /** The person who was last signed in in this tab; null if there was none. */
  lastPersonId: string | null;
  generation: number;
  /** The person changed in another tab. */
  isTakenOver: boolean;
  /** A dialog of the previous person may still be in the URL, or in the path after the sign-in. */
  mustCloseDialog: boolean;
}

function PersonChangedNotice({ name }: { name: string }) {
  const toast = useToast();
  useEffect(() => toast(messages.personChanged(name), 'warning'), [name, toast]);
  return null;
}
