import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What proc(5) says of a process in /proc/PID/stat. */
export interface ProcessStat {
  /** Of the program, cut to 15 characters. */
  readonly name: string;
  readonly state: string;
  readonly parent: number;
  readonly processGroup: number;
  /** Clock ticks between boot and the start of the process. With the PID it names a process for one boot. */
  readonly startTime: number;
}

/** Sends SIGKILL to every process of the group. A group that no longer exists is no error. */
export function killProcessGroup(processGroup: number): void {
  try {
    process.kill(-processGroup, 'SIGKILL');
  } catch {
    // ESRCH: gone already. EPERM: all that is left changed its user; not ours to judge here.
  }
}

/**
 * Waits until no process of the group is left, so that what follows (a `stop`) does not meet its last moments. Gives up
 * after `limitMs`: a process in uninterruptible sleep cannot be waited for. True if the group is gone.
 */
export async function processGroupGone(processGroup: number, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 50)) {
    if (!hasLiveMember(processGroup)) return true;
    if (performance.now() >= deadline) return false;
    await delay(pauseMs);
  }
}

/** undefined: no such process. */
export function processStat(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The command name, in parentheses, may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, processGroup] = fields;
  const startTime = fields[19];
  if (state === undefined || processGroup === undefined || startTime === undefined) return undefined;
  const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
  return { name, state, parent: Number(parent), processGroup: Number(processGroup), startTime: Number(startTime) };
}

/** Changes with every boot (random(4)). */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}

export function isDead(stat: ProcessStat): boolean {
  return stat.state === 'Z' || stat.state === 'X';
}

/** kill(2) with signal 0 also finds zombies, which a careless PID 1 may keep for ever, so a find is looked into. */
function hasLiveMember(processGroup: number): boolean {
  try {
    process.kill(-processGroup, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
  }
  return readdirSync('/proc').some((name) => {
    if (!/^\d+$/.test(name)) return false;
    const stat = processStat(Number(name));
    return stat !== undefined && stat.processGroup === processGroup && !isDead(stat);
  });
}
