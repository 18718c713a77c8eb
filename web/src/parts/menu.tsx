import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { MenuPanel } from './menu-panel.js';

export interface MenuProps {
  readonly id: string;
  readonly label: ComponentChildren;
  /** What the button does, for those who only hear it; absent: the label says it. */
  readonly description?: string;
  readonly children: ComponentChildren;
  readonly buttonClass?: string;
}

/** A button and what it opens. What is inside is built only while it is open. */
export function Menu({ id, label, description, children, buttonClass = '' }: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  // The browser closes an open menu when its button is pressed; the click that follows must not open it again.
  const openWhenPressed = useRef<boolean | null>(null);
  return (
    <>
      <button
        type="button"
        ref={button}
        class={`menu-button ${buttonClass}`}
        aria-haspopup="true"
        aria-expanded={open}
        {...(description === undefined ? {} : { 'aria-label': description })}
        onPointerDown={() => {
          openWhenPressed.current = open;
        }}
        onClick={() => {
          setOpen(!(openWhenPressed.current ?? open));
          openWhenPressed.current = null;
        }}
      >
        {label}
      </button>
      {open && button.current !== null && (
        <MenuPanel id={id} button={button.current} onClose={() => setOpen(false)}>
          {children}
        </MenuPanel>
      )}
    </>
  );
}
