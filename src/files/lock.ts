import { spawnSync } from 'node:child_process';
import { closeSync, constants, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface StateLock {
  release(): void;
}

/** Another daemon uses the state directory. The message names the directory and, if known, the process. */
export class StateDirLockedError extends Error {
  override readonly name = 'StateDirLockedError';
}

/** flock(1) exits with this when the lock is held by another. */
const HELD = 1;

/**
 * Takes the state directory for this process alone, until released or until the process ends, however it ends: a second
 * daemon would run the same services and use the same aliases. Makes the directory (0700) if it is missing.
 *
 * The lock is flock(2) on `STATEDIR/lock`: the kernel drops it with the process, therefore it is never stale. Node.js
 * has no call for it; flock(1) of util-linux takes it on our open file, which keeps it after flock(1) has ended.
 * The process ID in the file is for people.
 *
 * Throws a StateDirLockedError if another process has it, an Error if the lock cannot be taken at all.
 */
export function lockStateDir(stateDir: string): StateLock {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const file = join(stateDir, 'lock');
  // Not truncated on opening: it may name the process that has the lock.
  const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    takeLock(descriptor, file, stateDir);
    nameHolder(descriptor);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return { release: once(() => closeSync(descriptor)) };
}

/** For people; a full disk may keep it from being written, and nothing depends on it. */
function nameHolder(descriptor: number): void {
  try {
    ftruncateSync(descriptor);
    writeSync(descriptor, `${process.pid}\n`, 0);
  } catch {
    // The lock itself is taken.
  }
}

function takeLock(descriptor: number, file: string, stateDir: string): void {
  const { status, error, stderr } = spawnSync('flock', ['--exclusive', '--nonblock', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', descriptor],
    encoding: 'utf8',
  });
  if (status === 0) return;
  if (status === HELD) throw new StateDirLockedError(`${stateDir} is in use by another srrd${holder(file)}`);
  const reason = error?.message ?? stderr.trim();
  throw new Error(`${file} cannot be locked with flock(1) of util-linux: ${reason}`);
}

function holder(file: string): string {
  const processId = readFileSync(file, 'utf8').trim();
  return /^\d+$/.test(processId) ? ` (process ${processId})` : '';
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
