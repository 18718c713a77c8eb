import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isDead, processStat } from '../primitives/index.js';

export interface ServiceProcess {
  readonly pid: number;
  readonly parent: number;
  /** As people know it. */
  readonly words: string;
}

/** The kernel takes a moment to bury what has been killed. */
const BURIAL_MS = 100;

/**
 * The living processes of the service: all in this PID namespace but process 1, this one with its children, and `strangers`.
 * What a recipe leaves in the background becomes a child of process 1.
 */
export function serviceProcesses(strangers: ReadonlySet<number>): ServiceProcess[] {
  const all = new Map(everyPid().flatMap((pid) => entryOf(pid)));
  const isOurs = (pid: number): boolean => {
    if (pid === process.pid || strangers.has(pid)) return true;
    const parent = all.get(pid)?.parent ?? 0;
    return parent > 1 && isOurs(parent);
  };
  return [...all.values()].filter(({ pid }) => pid !== 1 && !isOurs(pid));
}

/** Those that still live after the moment that a burial takes. */
export async function survivors(strangers: ReadonlySet<number>): Promise<ServiceProcess[]> {
  const deadline = performance.now() + BURIAL_MS;
  for (;;) {
    const left = serviceProcesses(strangers);
    if (left.length === 0 || performance.now() > deadline) return left;
    await delay(2);
  }
}

/** Sends the signal to all of them. Returns how many there were. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): number {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
  return pids.length;
}

/** One of them that has a file open whose path holds these words. */
export function holderOf(processes: readonly ServiceProcess[], words: string): ServiceProcess | undefined {
  return processes.find(({ pid }) => openFiles(pid).some((path) => path.includes(words)));
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

function everyPid(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** None of a zombie. */
function entryOf(pid: number): [number, ServiceProcess][] {
  const stat = processStat(pid);
  if (stat === undefined || isDead(stat)) return [];
  return [[pid, { pid, parent: stat.parent, words: `${stat.name} (PID ${pid})` }]];
}
