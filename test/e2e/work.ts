import type { Browser, Page } from 'playwright-core';

/**
 * The limit of `make test` for one task of a page, in ms of the processor, on any machine. Without work to spare there
 * are 40 at most on a usual one (the promise is 100; the figures are printed): several times that is a mistake, not noise.
 */
export const TASK_LIMIT_MS = 400;

/** What a page did between the beginning and the end of a measurement. */
export interface Work {
  /** How long each task of the page's main thread ran, in ms on the processor, the longest first. */
  readonly tasks: readonly number[];
  /** The most rows that were put into the page at once. */
  readonly mostRowsAtOnce: number;
}

/** Begins to measure; the function that comes back ends it. `rows` selects what counts as a row. */
export async function measureWork(browser: Browser, page: Page, rows: string): Promise<() => Promise<Work>> {
  await page.evaluate(countRows, rows);
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  return async () => {
    const tasks = tasksIn((await browser.stopTracing()).toString());
    const mostRowsAtOnce = await page.evaluate(() => (globalThis as unknown as Counting).mostRowsAtOnce);
    return { tasks, mostRowsAtOnce };
  };
}

/** For people. */
export function wordsOf({ tasks, mostRowsAtOnce }: Work): string {
  const longest = tasks.slice(0, 5).map((ms) => ms.toFixed(0));
  return `${tasks.length} tasks, the longest ${longest.join(', ')} ms; at most ${mostRowsAtOnce} rows at once`;
}

interface Counting {
  mostRowsAtOnce: number;
}

/** Runs in the page. An observer is called once for all that one script changed. */
function countRows(rows: string): void {
  const counting = globalThis as unknown as Counting;
  counting.mostRowsAtOnce = 0;
  new MutationObserver((records) => {
    const added = new Set(records.flatMap(({ addedNodes }) => [...addedNodes]));
    const count = [...added].filter((node) => node instanceof Element && node.isConnected && node.matches(rows)).length;
    counting.mostRowsAtOnce = Math.max(counting.mostRowsAtOnce, count);
  }).observe(document.body, { childList: true, subtree: true });
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly args?: { readonly name?: string };
  /** Microseconds that the thread itself ran. */
  readonly tdur?: number;
}

/** A thread's own time on the processor, so that what else the machine does meanwhile does not count. */
function tasksIn(trace: string): number[] {
  const { traceEvents } = JSON.parse(trace) as { readonly traceEvents: readonly TraceEvent[] };
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  return traceEvents
    .filter(({ name, pid, tid }) => name === 'RunTask' && mains.has(`${pid}/${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((a, b) => b - a);
}
