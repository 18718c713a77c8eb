import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

/** Field 22 of /proc/PID/stat: together with the pid it names one process for good. undefined: no such process. */
export function processStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; what follows it starts with field 3.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Every process whose network namespace is one of those named (as `ip netns` names them), whoever started it. */
export function processesInNamespaces(names: readonly string[]): number[] {
  const inodes = new Set<string>();
  for (const name of names) {
    try {
      inodes.add(`net:[${statSync(`/run/netns/${name}`).ino}]`);
    } catch {
      // Not made yet, or gone already.
    }
  }
  if (inodes.size === 0) return [];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => inodes.has(networkNamespaceOf(pid)))
    .map(Number);
}

function networkNamespaceOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return '';
  }
}
