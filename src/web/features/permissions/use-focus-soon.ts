import { useEffect, useRef } from 'react';

/** Moves the focus once what it goes to is there: what was pressed may be gone by then. */
export function useFocusSoon(): (id: string) => void {
  const wanted = useRef<string>(undefined);
  useEffect(() => {
    if (wanted.current === undefined) return;
    document.getElementById(wanted.current)?.focus();
    wanted.current = undefined;
  });
  return (id) => {
    wanted.current = id;
  };
}
