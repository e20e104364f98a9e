import { type KeyboardEvent, type RefObject, useRef } from 'react';

/** Letters typed within this time search for one name. */
const TYPING_PAUSE = 700;

/**
 * Moves focus among the items of a menu.
 *
 * @param onClose closes the menu and moves focus to its button
 */
export function useMenuKeys(menu: RefObject<HTMLElement | null>, onClose: () => void) {
  const typed = useRef({ text: '', at: 0 });

  function items(): HTMLElement[] {
    return [...(menu.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
  }

  function moveTo(target: 'first' | 'last' | 'next' | 'previous') {
    const all = items();
    const current = all.findIndex((item) => item === document.activeElement);
    const index = {
      first: 0,
      last: -1,
      next: current === all.length - 1 ? 0 : current + 1,
      previous: Math.max(current, 0) - 1,
    }[target];
    all.at(index)?.focus();
  }

  /** Moves to the next item whose name begins with the letters typed last. */
  function search(letter: string, now: number) {
    const { text, at } = typed.current;
    const wanted = (now - at < TYPING_PAUSE ? text : '') + letter.toLocaleLowerCase();
    typed.current = { text: wanted, at: now };
    const all = items();
    const current = all.findIndex((item) => item === document.activeElement);
    // One letter moves on; more letters may still fit the current item.
    const start = wanted.length === 1 ? current + 1 : Math.max(current, 0);
    const inOrder = [...all.slice(start), ...all.slice(0, start)];
    inOrder.find((item) => item.textContent.toLocaleLowerCase().startsWith(wanted))?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    const { key, ctrlKey, altKey, metaKey } = event;
    const target = (
      {
        ArrowDown: 'next',
        ArrowUp: 'previous',
        Home: 'first',
        End: 'last',
        PageUp: 'first',
        PageDown: 'last',
      } as const
    )[key];
    if (target) {
      event.preventDefault();
      moveTo(target);
    } else if (key === 'Escape') {
      event.preventDefault();
      onClose();
    } else if (key === 'Tab') {
      // Focus moves to the button first, and from there as usual.
      onClose();
    } else if (key === ' ') {
      // A link does not act on Space by itself.
      event.preventDefault();
      if (document.activeElement instanceof HTMLElement) document.activeElement.click();
    } else if (key.length === 1 && !ctrlKey && !altKey && !metaKey) {
      search(key, event.timeStamp);
    }
  }

  return { moveTo, onKeyDown };
}

/** Keeps Firefox from clicking a button when Space is released, after the key press was handled. */
export function ignoreSpaceRelease(event: KeyboardEvent): void {
  if (event.key === ' ') event.preventDefault();
}
