import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { processesInNamespaces, processStartTime } from './processes.js';

/** Every lab of this machine has a folder here, which says who owns it and what it has made. */
export const LABS = '/run/srrd-lab';
const FRR_STATE = '/var/run/frr';
const REMOVE = { recursive: true, force: true, maxRetries: 3 } as const;

interface Owner {
  readonly pid: number;
  readonly startTime: string;
}

/** Makes the lab's folder and writes down that this process owns it. Returns the folder. */
export function beginRecord(lab: string): string {
  const directory = join(LABS, lab);
  mkdirSync(LABS, { recursive: true, mode: 0o755 });
  const preparing = join(LABS, `.${lab}`);
  mkdirSync(preparing);
  writeFileSync(join(preparing, 'owner'), JSON.stringify(self()));
  // The folder appears with its owner in it: to another run, one without an owner would look abandoned.
  renameSync(preparing, directory);
  return directory;
}

/** Must be called before the namespace is made, so that no moment exists in which it is unknown. */
export function recordNamespace(directory: string, namespace: string): void {
  appendFileSync(join(directory, 'namespaces'), `${namespace}\n`);
}

/** The folder of FRR's sockets for this host; FRR calls the name "pathspace". */
export function frrStateDirectory(namespace: string): string {
  return join(FRR_STATE, namespace);
}

/**
 * Clears away every lab whose owner is dead: its processes, namespaces (with them interfaces and addresses), FRR's state
 * folders, and its record. Returns the names of the labs cleared. Safe while other labs run, and when two
 * do it at once: names are never used twice.
 */
export function clearAbandonedLabs(): string[] {
  if (!existsSync(LABS)) return [];
  const cleared: string[] = [];
  for (const lab of readdirSync(LABS)) {
    if (lab.startsWith('.')) continue;
    const directory = join(LABS, lab);
    const owner = readOwner(directory);
    if (owner !== undefined && isAlive(owner)) continue;
    clearLab(directory);
    cleared.push(lab);
  }
  return cleared;
}

/** Ends and removes everything that the lab in this folder has made. Synchronous, so that it can run while the process exits. */
export function clearLab(directory: string): void {
  const namespaces = readLines(join(directory, 'namespaces'));
  killAll(namespaces);
  for (const namespace of namespaces) {
    deleteNamespace(namespace);
    rmSync(frrStateDirectory(namespace), REMOVE);
  }
  rmSync(directory, REMOVE);
}

function deleteNamespace(namespace: string): void {
  const path = `/run/netns/${namespace}`;
  if (!existsSync(path)) return;
  try {
    execFileSync('ip', ['netns', 'delete', namespace], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    // Another run may be clearing the same abandoned lab.
    if (existsSync(path)) throw error;
  }
}

function killAll(namespaces: readonly string[]): void {
  // What is killed may have forked just before: look again until nothing is left.
  for (let round = 0; round < 100; round++) {
    const pids = processesInNamespaces(namespaces).filter((pid) => pid !== process.pid && !isZombie(pid));
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
  throw new Error(
    `processes in the namespaces ${namespaces.join(', ')} cannot be killed; see them with "ip netns pids NAME"`,
  );
}

function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) === 'Z';
  } catch {
    return true;
  }
}

function readOwner(directory: string): Owner | undefined {
  try {
    const owner: unknown = JSON.parse(readFileSync(join(directory, 'owner'), 'utf8'));
    if (typeof owner !== 'object' || owner === null || !('pid' in owner) || !('startTime' in owner)) return undefined;
    return { pid: Number(owner.pid), startTime: String(owner.startTime) };
  } catch {
    return undefined;
  }
}

function isAlive(owner: Owner): boolean {
  return processStartTime(owner.pid) === owner.startTime;
}

function self(): Owner {
  return { pid: process.pid, startTime: processStartTime(process.pid) ?? '' };
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
