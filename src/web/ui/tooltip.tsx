import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import styles from './tooltip.module.css';

/*
 * One tooltip for the whole page, instead of one per button: an element requests it with `{...tooltip('Edit')}`.
 */

/** Returns the attribute that requests a tooltip. Undefined: no tooltip. */
export function tooltip(text: string | undefined) {
  return { 'data-tooltip': text };
}

const SELECTOR = '[data-tooltip]';
const TOOLTIP_ID = 'tooltip';
const OPEN_DELAY = 300;
/** Long enough to move the pointer onto the tooltip, or to the next element without another delay. */
const CLOSE_DELAY = 150;
const GAP = 6;

/**
 * Shows the tooltips of all elements: on hover, on keyboard focus, and on touch screens when a disabled element is tapped.
 * Esc hides them. Render it once.
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
    // The element moves away from its tooltip. If focus caused the scrolling, the tooltip appears when it ends.
    on('scroll', () => {
      show(undefined);
      schedule(focused(), CLOSE_DELAY);
    });

    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, []);

  // In the landmark or dialog of its element.
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

    // Screen readers read it with the element's name, unless the name contains it.
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

/** Returns the element with keyboard focus, if it has a tooltip. */
function focused(): HTMLElement | undefined {
  return document.activeElement?.matches(':focus-visible') ? owner(document.activeElement) : undefined;
}

/** Returns whether the pointer is on the tooltip, which does not receive pointer events. */
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
