import { useEffect, useRef } from 'react';

/**
 * Moves focus after the next rendering, because the pressed button may unmount.
 *
 * @returns a function that takes element ids; the first element that can take focus gets it
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
