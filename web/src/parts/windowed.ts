import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

/** The part of a long list that is worth building now. Heights in pixels. */
export interface ListWindow {
  readonly first: number;
  /** Behind the last row that is built. */
  readonly end: number;
  readonly above: number;
  readonly below: number;
}

/** A part of the list's height, in pixels from its top. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Rows built beyond the edges, so that a fast scroll does not show an empty place. */
const MARGIN_PX = 300;

/** How much is built in one frame: what a slow computer builds in a few tens of milliseconds. */
export const BUILT_PER_FRAME_PX = 500;

/** The window is followed in steps: scrolling by a row must not build anything. */
const STEP_PX = 200;

/** A list that became longer or shorter by this many rows shows others than before. */
const OTHER_ROWS = 20;

/**
 * Of a list whose rows have known heights, returns those near the part that is seen, after a jump a few more in each
 * frame. `list` is the element that holds the rows; `box`: the one that scrolls, if it is not the document.
 */
export function useWindowed(
  heights: readonly number[],
  list: RefObject<HTMLElement | null>,
  box?: RefObject<HTMLElement | null>,
): ListWindow {
  const tops = useMemo(() => topsOf(heights), [heights]);
  const built = useRef<Stretch>({ from: 0, to: BUILT_PER_FRAME_PX });
  const [, redraw] = useState<Stretch>(built.current);
  const rows = useRef(heights.length);
  if (Math.abs(heights.length - rows.current) > OTHER_ROWS) built.current = beginningOf(built.current);
  rows.current = heights.length;
  const frame = useRef<number | null>(null);
  const build = (): void => {
    frame.current = null;
    const top = list.current?.getBoundingClientRect().top;
    if (top === undefined) return;
    const edge = box?.current?.getBoundingClientRect().top ?? 0;
    const next = nextStretch(built.current, edge - top, box?.current?.clientHeight ?? window.innerHeight);
    if (next.from === built.current.from && next.to === built.current.to) return;
    built.current = next;
    redraw(next);
    follow();
  };
  const follow = (): void => {
    frame.current ??= requestAnimationFrame(build);
  };
  useLayoutEffect(follow, [heights]);
  useLayoutEffect(() => {
    const scrolled = box?.current ?? window;
    scrolled.addEventListener('scroll', follow, { passive: true });
    window.addEventListener('resize', follow);
    const resized = new ResizeObserver(follow);
    if (scrolled !== window) resized.observe(scrolled as Element);
    return () => {
      if (frame.current !== null) cancelAnimationFrame(frame.current);
      scrolled.removeEventListener('scroll', follow);
      window.removeEventListener('resize', follow);
      resized.disconnect();
    };
  }, [list, box]);
  return windowOf(tops, built.current.from, built.current.to);
}

function beginningOf({ from }: Stretch): Stretch {
  const begin = Math.max(0, from);
  return { from: begin, to: begin + BUILT_PER_FRAME_PX };
}

/**
 * What to build in the next frame, when `height` pixels from `top` on are seen: what is already built and still near, and
 * a limited part of what is not; what is seen first. The same stretch: there is nothing more to build.
 */
export function nextStretch(built: Stretch, top: number, height: number): Stretch {
  const wanted = {
    from: Math.floor((top - MARGIN_PX) / STEP_PX) * STEP_PX,
    to: Math.ceil((top + height + MARGIN_PX) / STEP_PX) * STEP_PX,
  };
  const seen = Math.floor(top / STEP_PX) * STEP_PX;
  const from = Math.max(built.from, wanted.from);
  const to = Math.min(built.to, wanted.to);
  if (from >= to) return { from: seen, to: seen + BUILT_PER_FRAME_PX };
  const above = from - wanted.from;
  const below = wanted.to - to;
  const addedFirst = Math.min(from > seen ? above : below, BUILT_PER_FRAME_PX);
  const addedThen = Math.min(from > seen ? below : above, BUILT_PER_FRAME_PX - addedFirst);
  return from > seen
    ? { from: from - addedFirst, to: to + addedThen }
    : { from: from - addedThen, to: to + addedFirst };
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
