import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export interface MenuPanelProps {
  readonly id: string;
  /** The button that opened it. */
  readonly button: HTMLElement;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/**
 * What a button opens. The browser closes it (Escape, a click elsewhere) and puts it above everything; the place is ours.
 */
export function MenuPanel({ id, button, onClose, children }: MenuPanelProps) {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    panel.current?.showPopover();
    const follow = (): void => {
      if (panel.current !== null) placeBelow(panel.current, button);
    };
    follow();
    // It may stand anywhere in the document: whoever has no mouse goes on inside.
    itemsOf(panel.current)[0]?.focus();
    button.setAttribute('aria-expanded', 'true');
    window.addEventListener('resize', follow);
    window.addEventListener('scroll', follow, { passive: true });
    return () => {
      button.setAttribute('aria-expanded', 'false');
      window.removeEventListener('resize', follow);
      window.removeEventListener('scroll', follow);
    };
  }, [button]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears that something inside was chosen.
    <div
      id={id}
      ref={panel}
      class="menu"
      popover="auto"
      onToggle={(event) => {
        if (event.newState === 'closed') onClose();
      }}
      onClick={({ target }) => {
        if (target instanceof Element && target.closest('a, [data-closes]') !== null) onClose();
      }}
      onKeyDown={(event) => {
        const { key } = event;
        if (key === 'Escape') button.focus();
        if (key !== 'ArrowDown' && key !== 'ArrowUp') return;
        event.preventDefault();
        moveFocus(panel.current, key === 'ArrowDown' ? 1 : -1);
      }}
    >
      {children}
    </div>
  );
}

function moveFocus(panel: HTMLElement | null, by: 1 | -1): void {
  const items = itemsOf(panel);
  const at = items.findIndex((item) => item.matches(':focus'));
  items[(at + by + items.length) % items.length]?.focus();
}

function itemsOf(panel: HTMLElement | null): HTMLElement[] {
  return [...(panel?.querySelectorAll<HTMLElement>('a.menu-item, button.menu-item:enabled') ?? [])];
}

/** Below the button and inside the window; above it where there is more room. */
function placeBelow(panel: HTMLElement, button: HTMLElement): void {
  const edge = 8;
  const from = button.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const left = Math.max(edge, Math.min(from.left, window.innerWidth - width - edge));
  const below = from.bottom + 4;
  const fits = below + height + edge <= window.innerHeight;
  const top = fits ? below : Math.max(edge, Math.min(from.top - height - 4, window.innerHeight - height - edge));
  panel.style.left = `${left}px`;
  panel.style.top = `${top}px`;
}
