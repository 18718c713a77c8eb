import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

/** On what was measured, in words. */
export function describeMachine(): string {
  const processors = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const cores = `${processors.length} ${processors.length === 1 ? 'core' : 'cores'}`;
  return `${cores} (${processors[0]?.model.trim() || process.arch}), ${gigabytes} GB, ${system()}, Linux ${release().split('-')[0]}`;
}

function system(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
  } catch {
    return 'Linux';
  }
}
