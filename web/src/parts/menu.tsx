import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

export interface MenuProps {
  readonly id: string;
  readonly label: ComponentChildren;
  /** What the button does, for those who only hear it; absent: the label says it. */
  readonly description?: string;
  readonly children: ComponentChildren;
  readonly buttonClass?: string;
  readonly disabled?: boolean;
}

/**
 * A button and what it opens. The browser closes it (Escape, a click elsewhere) and puts it above everything; the place is
 * ours. What is inside is built only while it is open: a long table has hundreds of these.
 */
export function Menu({ id, label, description, children, buttonClass = '', disabled = false }: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  // The browser closes an open menu when its button is pressed; the click that follows must not open it again.
  const openWhenPressed = useRef<boolean | null>(null);

  useEffect(() => {
    if (!open || panel.current === null || button.current === null) return;
    panel.current.showPopover();
    placeBelow(panel.current, button.current);
    const follow = (): void => {
      if (panel.current !== null && button.current !== null) placeBelow(panel.current, button.current);
    };
    window.addEventListener('resize', follow);
    window.addEventListener('scroll', follow, { passive: true });
    return () => {
      window.removeEventListener('resize', follow);
      window.removeEventListener('scroll', follow);
    };
  }, [open]);

  return (
    <>
      <button
        type="button"
        ref={button}
        class={`menu-button ${buttonClass}`}
        aria-haspopup="true"
        aria-expanded={open}
        {...(description === undefined ? {} : { 'aria-label': description })}
        disabled={disabled}
        onPointerDown={() => {
          openWhenPressed.current = open;
        }}
        onClick={() => {
          setOpen(!(openWhenPressed.current ?? open));
          openWhenPressed.current = null;
        }}
      >
        {label}
        <span class="chevron" aria-hidden="true" />
      </button>
      {open && (
        // biome-ignore lint/a11y/noStaticElementInteractions: it only hears that something inside was chosen.
        <div
          id={id}
          ref={panel}
          class="menu"
          popover="auto"
          onToggle={(event) => {
            if (event.newState === 'closed') setOpen(false);
          }}
          onClick={({ target }) => {
            if (target instanceof Element && target.closest('a, [data-closes]') !== null) setOpen(false);
          }}
          onKeyDown={({ key }) => {
            if (key === 'Escape') button.current?.focus();
          }}
        >
          {children}
        </div>
      )}
    </>
  );
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
