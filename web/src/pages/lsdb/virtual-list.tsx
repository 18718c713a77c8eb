import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface VirtualListProps<Item> {
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  /** All rows have this height, in pixels; the style sheet must agree. */
  readonly rowHeight: number;
  readonly row: (item: Item, index: number) => ComponentChildren;
  readonly head: ComponentChildren;
  readonly label: string;
  readonly columns: number;
  /** The row to bring into view when it changes. */
  readonly shown: string | null;
}

/** Rows beyond the window on each side, so that a fast wheel meets rows and no gap. */
const OVERSCAN = 8;

/** The window is followed in steps of so many rows: scrolling by one must not build anything. */
const STEP = 4;

/** A table of any length: only the rows in the window exist. */
export function VirtualList<Item>(props: VirtualListProps<Item>) {
  const { items, keyOf, rowHeight, row, head, label, columns, shown } = props;
  const element = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const look = (): void => {
    const { current } = element;
    if (current === null) return;
    const { clientHeight } = current;
    const scrollTop = Math.floor(current.scrollTop / rowHeight / STEP) * STEP * rowHeight;
    setView((before) =>
      before.top === scrollTop && before.height === clientHeight ? before : { top: scrollTop, height: clientHeight },
    );
  };
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const observer = new ResizeObserver(look);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  const index = shown === null ? -1 : items.findIndex((item) => keyOf(item) === shown);
  const wasShown = useRef<string | null>(null);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null || index < 0 || wasShown.current === shown) return;
    wasShown.current = shown;
    const top = index * rowHeight;
    const visible = current.clientHeight - rowHeight;
    if (top < current.scrollTop || top + rowHeight > current.scrollTop + visible) {
      current.scrollTop = Math.max(0, top - visible / 2);
    }
  }, [shown, index]);

  const first = Math.max(0, Math.floor(view.top / rowHeight / STEP) * STEP - OVERSCAN);
  const last = Math.min(items.length, first + Math.ceil(view.height / rowHeight) + 2 * OVERSCAN + STEP);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section ref={element} class="virtual" aria-label={label} tabIndex={0} onScroll={look}>
      <table aria-label={label} aria-rowcount={items.length + 1} aria-colcount={columns}>
        {head}
        <tbody>
          <Space height={first * rowHeight} />
          {items.slice(first, last).map((item, offset) => row(item, first + offset))}
          <Space height={(items.length - last) * rowHeight} />
        </tbody>
      </table>
    </section>
  );
}

/** In the place of rows that do not exist. */
function Space({ height }: { readonly height: number }) {
  return <tr class="virtual-space" style={{ height: `${height}px` }} />;
}
