import { parentPort, workerData } from 'node:worker_threads';
import { type FuzzResult, fuzz } from './fuzz.js';
import { MOST_BYTES } from './mutate.js';
import { TARGETS } from './targets/index.js';

/** What one worker does. */
export interface FuzzTask {
  readonly runs: number;
  readonly seed: number;
  /** Names of targets. */
  readonly only: readonly string[];
  /** What it reads now, for whoever waits for it: runs so far, the target, how many bytes, the bytes. */
  readonly now: SharedArrayBuffer;
}

/** Runs so far, target, number of bytes. */
export const NOW_NUMBERS = 3;
export const NOW_BYTES = NOW_NUMBERS * 4 + MOST_BYTES;

function work({ runs, seed, only, now }: FuzzTask): FuzzResult {
  const targets = TARGETS.filter(({ name }) => only.includes(name));
  const numbers = new Int32Array(now, 0, NOW_NUMBERS);
  const held = new Uint8Array(now, NOW_NUMBERS * 4);
  let run = 0;
  return fuzz(targets, {
    runs,
    seed,
    begins: (target, bytes) => {
      held.set(bytes);
      numbers[1] = TARGETS.indexOf(target);
      numbers[2] = bytes.length;
      Atomics.store(numbers, 0, ++run);
    },
  });
}

parentPort?.postMessage(work(workerData as FuzzTask));
