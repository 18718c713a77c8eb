import type { Rig } from './rig.js';
import * as death from './trials/death.js';
import * as life from './trials/life.js';
import * as surroundings from './trials/surroundings.js';

export interface Trial {
  readonly name: string;
  readonly title: string;
  /** Without it passed, nothing after it means anything. */
  readonly isNeeded?: true;
  /** Returns what was seen. Throws TrialError if the service fails it, NotApplicable if it says nothing about it. */
  readonly run: (rig: Rig) => Promise<string>;
}

/** In this order: what comes later builds on what was seen to work before. Each begins on a clean rig. */
export const TRIALS: readonly Trial[] = [
  { name: 'activate', title: 'everything that it needs is here', isNeeded: true, run: life.activate },
  { name: 'stop-first', title: 'stop of what never ran', run: life.stopFirst },
  { name: 'start', title: 'start, and a check at once', isNeeded: true, run: life.start },
  { name: 'stop', title: 'stop leaves nothing', isNeeded: true, run: life.stop },
  { name: 'start-twice', title: 'start of what runs keeps one instance', run: life.startTwice },
  { name: 'stop-twice', title: 'stop of what is stopped', run: life.stopTwice },
  { name: 'check-stopped', title: 'check fails when it is stopped', run: life.checkStopped },
  { name: 'output', title: 'no process keeps the output of start', run: life.output },
  { name: 'status', title: 'status says something', run: life.status },
  { name: 'restart', title: 'restart, and a check at once', run: life.restart },
  { name: 'reload', title: 'reload while clients come', run: life.reload },
  { name: 'start-killed', title: 'start killed half-way ten times, then stop', run: death.startKilled },
  { name: 'killed', title: 'the service is killed', run: death.killed },
  { name: 'frozen', title: 'the service hangs', run: death.frozen },
  { name: 'watch', title: 'watch sees its death', run: death.watch },
  { name: 'address-gone', title: 'stop when the address is gone', run: surroundings.addressGone },
  { name: 'stale-pid', title: 'a PID file of an earlier boot names a stranger', run: surroundings.stalePid },
  { name: 'second', title: 'a second instance beside it', run: surroundings.second },
  { name: 'peers', title: 'join, leave and failed, with a hostile text', run: surroundings.peers },
  { name: 'deactivate', title: 'deactivate leaves nothing', run: life.deactivate },
];
