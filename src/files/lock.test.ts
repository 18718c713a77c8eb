import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockStateDir, StateDirLockedError } from './index.js';

let stateDir = '';
let other: ChildProcess | undefined;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'srrd-lock-'));
});

afterEach(() => {
  other?.kill('SIGKILL');
  other = undefined;
  rmSync(stateDir, { recursive: true });
});

/** Another process that has the lock, as another srrd would. */
async function lockElsewhere(): Promise<ChildProcess> {
  const file = join(stateDir, 'lock');
  writeFileSync(file, '4711\n');
  const holder = spawn('flock', ['--no-fork', '--exclusive', file, 'sh', '-c', 'echo locked; exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  other = holder;
  await once(holder.stdout, 'data');
  return holder;
}

describe('the lock of the state directory', () => {
  it('is refused while another process has it, naming directory and process', async () => {
    await lockElsewhere();
    expect(() => lockStateDir(stateDir)).toThrow(StateDirLockedError);
    expect(() => lockStateDir(stateDir)).toThrow(`${stateDir} is in use by another srrd (process 4711)`);
  });

  it('is free as soon as the process that had it was killed', async () => {
    const holder = await lockElsewhere();
    const ended = once(holder, 'exit');
    holder.kill('SIGKILL');
    await ended;
    lockStateDir(stateDir).release();
  });

  it('is refused to a second daemon of the same process, and free after the release', () => {
    const lock = lockStateDir(stateDir);
    expect(() => lockStateDir(stateDir)).toThrow(`process ${process.pid}`);
    lock.release();
    lock.release();
    lockStateDir(stateDir).release();
  });

  it('is not inherited by programs that the daemon runs', async () => {
    const lock = lockStateDir(stateDir);
    other = spawn('sleep', ['600'], { stdio: 'ignore' });
    await once(other, 'spawn');
    lock.release();
    lockStateDir(stateDir).release();
  });

  it('makes the directory for its owner alone', () => {
    const missing = join(stateDir, 'a', 'b');
    lockStateDir(missing).release();
    expect(statSync(missing).mode & 0o777).toBe(0o700);
    expect(statSync(join(missing, 'lock')).mode & 0o777).toBe(0o600);
  });
});
