import type { ComponentChildren } from 'preact';

/** What is wider than its place, mostly a table. It can have the focus, so that it scrolls by keyboard too. */
export function Wide({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section class="scroll-x" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

/** What a program printed, or lines to copy. */
export function Output({ children }: { readonly children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <pre class="output" tabIndex={0}>
      {children}
    </pre>
  );
}
