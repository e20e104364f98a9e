import { useEffect, useRef } from 'react';

/**
 * Moves the focus once what it goes to is there, because what was pressed may be gone by then.
 *
 * @returns takes element ids: the first that can take the focus gets it
 */
export function useFocusSoon(): (...ids: string[]) => void {
  const wanted = useRef<string[]>([]);
  useEffect(() => {
    const elements = wanted.current.map((id) => document.getElementById(id));
    elements.find((element) => element && !element.matches(':disabled'))?.focus();
    wanted.current = [];
  });
  return (...ids) => {
    wanted.current = ids;
  };
}
