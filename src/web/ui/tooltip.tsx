import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import styles from './tooltip.module.css';

/*
 * One tooltip for the whole page, instead of one around each of hundreds of buttons: any element asks for it with
 * `{...tooltip('Edit')}`.
 */

/** The attribute with which an element asks for a tooltip; without a text it asks for none. */
export function tooltip(text: string | undefined) {
  return { 'data-tooltip': text };
}

const SELECTOR = '[data-tooltip]';
const TOOLTIP_ID = 'tooltip';
const OPEN_DELAY = 300;
/** Long enough to move the pointer onto the tooltip, and to the next element without waiting anew. */
const CLOSE_DELAY = 150;
const GAP = 6;

/**
 * Shows the tooltips of all elements, under the pointer and on keyboard focus; on a touch screen a tap on what is
 * disabled shows why. Esc dismisses it. Stands once, around nothing.
 */
export function TooltipLayer() {
  const [target, setTarget] = useState<HTMLElement>();

  useEffect(() => {
    let isOpen = false;
    let timer: ReturnType<typeof setTimeout> | undefined;

    function show(element: HTMLElement | undefined) {
      isOpen = element !== undefined;
      setTarget(element);
    }

    function schedule(element: HTMLElement | undefined, delay: number) {
      clearTimeout(timer);
      timer = setTimeout(() => show(element), delay);
    }

    const abort = new AbortController();
    function on<Name extends keyof DocumentEventMap>(
      name: Name,
      handle: (event: DocumentEventMap[Name]) => void,
    ) {
      document.addEventListener(name, handle, { capture: true, signal: abort.signal });
    }

    on('pointerover', (event) => {
      const element = owner(event.target);
      if (event.pointerType === 'touch' || (!element && isOverTooltip(event))) clearTimeout(timer);
      else schedule(element, element && !isOpen ? OPEN_DELAY : CLOSE_DELAY);
    });
    on('focusin', () => schedule(focused(), 0));
    on('focusout', () => schedule(undefined, 0));
    on('click', (event) => {
      const element = owner(event.target);
      schedule(element?.ariaDisabled === 'true' ? element : undefined, 0);
    });
    on('keydown', (event) => {
      if (event.key === 'Escape') schedule(undefined, 0);
    });
    // The element moves away from its tooltip. If it scrolls because the focus went there, the tooltip comes when it rests.
    on('scroll', () => {
      show(undefined);
      schedule(focused(), CLOSE_DELAY);
    });

    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, []);

  // Beside its element, so that it is in the same landmark or dialog.
  const text = target?.isConnected && target.dataset.tooltip;
  return (
    text &&
    createPortal(
      <Bubble target={target} text={text} />,
      target.closest('dialog, [role$="dialog"], main, header') ?? document.body,
    )
  );
}

function Bubble({ target, text }: { target: HTMLElement; text: string }) {
  const bubble = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = bubble.current;
    if (!element) return undefined;
    const anchor = target.getBoundingClientRect();
    const { width, height } = element.getBoundingClientRect();
    const centred = anchor.left + (anchor.width - width) / 2;
    const above = anchor.top - height - GAP;
    element.style.left = `${Math.max(GAP, Math.min(centred, document.documentElement.clientWidth - width - GAP))}px`;
    element.style.top = `${above >= 0 ? above : anchor.bottom + GAP}px`;

    // Read with the element's name, unless it is said there.
    if (target.ariaLabel?.includes(text)) return undefined;
    const described = target.getAttribute('aria-describedby');
    target.setAttribute('aria-describedby', [described, TOOLTIP_ID].filter(Boolean).join(' '));
    return () => {
      if (described === null) target.removeAttribute('aria-describedby');
      else target.setAttribute('aria-describedby', described);
    };
  }, [target, text]);

  return (
    <div ref={bubble} id={TOOLTIP_ID} role="tooltip" className={styles.tooltip}>
      {text}
    </div>
  );
}

function owner(node: EventTarget | null): HTMLElement | undefined {
  return (node instanceof Element && node.closest<HTMLElement>(SELECTOR)) || undefined;
}

/** What has the keyboard's focus, if it asks for a tooltip. */
function focused(): HTMLElement | undefined {
  return document.activeElement?.matches(':focus-visible') ? owner(document.activeElement) : undefined;
}

/** Whether the pointer is on the tooltip, which lets it through to what lies under it. */
function isOverTooltip({ clientX, clientY }: PointerEvent): boolean {
  const box = document.getElementById(TOOLTIP_ID)?.getBoundingClientRect();
  return (
    box !== undefined &&
    clientX >= box.left &&
    clientX <= box.right &&
    clientY >= box.top &&
    clientY <= box.bottom
  );
}
