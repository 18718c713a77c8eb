import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from './checkout.js';

/** The environment in which srrd writes into this file how late its event loop was (loop-delay.mjs). */
export function watchingTheLoop(file: string): Record<string, string> {
  const watcher = join(CHECKOUT, 'test', 'lab', 'loop-delay.mjs');
  return { NODE_OPTIONS: `--import=${watcher}`, SRRD_LOOP_DELAY: file };
}

export interface LoopDelay {
  /** By how much it was late at worst, in ms; 0: never by more than 5 ms. */
  readonly lateMs: number;
  /** Without what it waited for a processor: what srrd itself did for so long. */
  readonly blockedMs: number;
}

/** Of an event loop that is watched, since that time in ms since 1970. */
export function worstLoopDelay(file: string, sinceMs: number): LoopDelay {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  const since = lines.map((line) => line.split(' ').map(Number)).filter(([atMs = 0]) => atMs >= sinceMs);
  return {
    lateMs: Math.max(0, ...since.map(([, lateMs = 0]) => lateMs)),
    blockedMs: Math.max(0, ...since.map(([, , blockedMs = 0]) => blockedMs)),
  };
}
