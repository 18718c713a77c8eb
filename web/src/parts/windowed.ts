import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo, useState } from 'preact/hooks';

/** The part of a long list that is worth building now. Heights in pixels. */
export interface ListWindow {
  readonly first: number;
  /** Behind the last row that is built. */
  readonly end: number;
  readonly above: number;
  readonly below: number;
}

/** Rows built beyond the edges, so that a fast scroll does not show an empty place. */
const MARGIN_PX = 300;

const SETTLED_MS = 80;

/**
 * Of a list whose rows have known heights, gives those near the visible part of the window. `list` is the element that
 * holds the rows; the document scrolls.
 */
export function useWindowed(heights: readonly number[], list: RefObject<HTMLElement | null>): ListWindow {
  const tops = useMemo(() => topsOf(heights), [heights]);
  const [view, setView] = useState({ from: 0, to: 1500 });
  useLayoutEffect(() => {
    let last = 0;
    let settled: ReturnType<typeof setTimeout> | undefined;
    const look = (margin: number): void => {
      const top = list.current?.getBoundingClientRect().top;
      if (top === undefined) return;
      last = -top;
      // In steps: scrolling by a row must not build everything anew.
      const from = Math.floor((-top - margin) / 200) * 200;
      const to = from + Math.ceil((window.innerHeight + 2 * margin) / 200) * 200 + 200;
      setView((before) => (before.from === from && before.to === to ? before : { from, to }));
    };
    const follow = (): void => {
      const top = list.current?.getBoundingClientRect().top ?? 0;
      clearTimeout(settled);
      // After a jump all rows are new: first those that are seen, and their neighbours when it is quiet.
      const jumped = Math.abs(-top - last) > MARGIN_PX;
      look(jumped ? 0 : MARGIN_PX);
      if (jumped) settled = setTimeout(() => look(MARGIN_PX), SETTLED_MS);
    };
    const lookAgain = (): void => look(MARGIN_PX);
    look(MARGIN_PX);
    window.addEventListener('scroll', follow, { passive: true });
    window.addEventListener('resize', lookAgain);
    return () => {
      clearTimeout(settled);
      window.removeEventListener('scroll', follow);
      window.removeEventListener('resize', lookAgain);
    };
  }, [list]);
  return windowOf(tops, view.from, view.to);
}

/** The top of each row, and at the end the height of all. */
export function topsOf(heights: readonly number[]): number[] {
  const tops = [0];
  let top = 0;
  for (const height of heights) {
    top += height;
    tops.push(top);
  }
  return tops;
}

export function windowOf(tops: readonly number[], from: number, to: number): ListWindow {
  const rows = tops.length - 1;
  const total = tops[rows] ?? 0;
  // A list that became shorter is shown from where it is, not from where one was.
  const first = Math.max(0, Math.min(indexBelow(tops, Math.min(from, total)), rows));
  const end = Math.min(rows, indexBelow(tops, to) + 1);
  return { first, end, above: tops[first] ?? 0, below: total - (tops[end] ?? total) };
}

/** The last row that begins at or above this height. */
function indexBelow(tops: readonly number[], height: number): number {
  let low = 0;
  let high = tops.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= height) low = middle;
    else high = middle - 1;
  }
  return low;
}
