import { Worker } from 'node:worker_threads';
import { type AlertState, CLOSE_WITHIN_MS, type FromThread, type ThreadData, type ToThread } from './messages.js';

/** Alerts that the thread has not taken yet; more are dropped. */
export const MAX_UNTAKEN = 1000;

/** What a thread that is ending has to end by itself, in ms, before it is ended from here. */
const END_WITHIN_MS = 1_000;

const RESTART_AFTER_MS = 5_000;
const MAX_HEAP_MB = 64;

/** The built one, as far from here as from the source of this file. */
const THREAD = new URL('../../../dist/alerts/thread/alert-thread.js', import.meta.url);

export interface AlertThread {
  /** Never waits. */
  post(message: Extract<ToThread, { type: 'alert' }>): void;
  /** Of each target, in the order of the configuration. */
  states(): readonly AlertState[];
  close(): Promise<void>;
}

/** Starts the thread; if it ends by itself, another follows, and what waited is counted as dropped. */
export function runAlertThread(data: ThreadData, warn: (text: string) => void): AlertThread {
  const states: AlertState[] = data.alerts.map(({ name }) => ({ ...NOTHING, name }));
  /** What was dropped here, and by threads before. */
  const lost = data.alerts.map(() => ({ dropped: 0, sent: 0, failed: 0 }));
  let worker: Worker | undefined;
  let untaken = 0;
  let isClosing = false;
  let restart: NodeJS.Timeout | undefined;
  const run = () => {
    untaken = 0;
    for (const [index, state] of states.entries()) states[index] = { ...state, trouble: null };
    worker = new Worker(THREAD, { workerData: data, resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
    worker.on('message', (message: FromThread) => {
      if (message.type === 'taken') untaken -= 1;
      else states[message.target] = message.state;
    });
    worker.on('error', (error) =>
      warn(`the thread of alerts has failed, and starts again in ${RESTART_AFTER_MS / 1000} s: ${error}`),
    );
    worker.once('exit', () => {
      worker = undefined;
      for (const [index, { waiting, dropped, sent, failed }] of states.entries()) {
        const sum = lost[index];
        if (sum === undefined) continue;
        sum.dropped += dropped + waiting;
        sum.sent += sent;
        sum.failed += failed;
        states[index] = { ...NOTHING, name: data.alerts[index]?.name ?? '', trouble: THREAD_FAILED };
      }
      if (!isClosing) restart = setTimeout(run, RESTART_AFTER_MS).unref();
    });
  };
  run();
  return {
    post: (message) => {
      if (worker === undefined || untaken >= MAX_UNTAKEN) {
        for (const target of message.targets) {
          const sum = lost[target];
          if (sum !== undefined) sum.dropped += 1;
        }
        return;
      }
      untaken += 1;
      worker.postMessage(message);
    },
    states: () =>
      states.map((state, index) => {
        const { dropped, sent, failed } = lost[index] ?? { dropped: 0, sent: 0, failed: 0 };
        return { ...state, dropped: state.dropped + dropped, sent: state.sent + sent, failed: state.failed + failed };
      }),
    close: async () => {
      isClosing = true;
      clearTimeout(restart);
      const ending = worker;
      if (ending === undefined) return;
      const ended = new Promise((resolve) => ending.once('exit', resolve));
      ending.postMessage({ type: 'close' } satisfies ToThread);
      const limit = setTimeout(() => void ending.terminate(), CLOSE_WITHIN_MS + END_WITHIN_MS);
      await ended;
      clearTimeout(limit);
    },
  };
}

const THREAD_FAILED = 'the thread of alerts has ended by itself; the log says why';

const NOTHING = { waiting: 0, sent: 0, failed: 0, dropped: 0, trouble: null } as const;
