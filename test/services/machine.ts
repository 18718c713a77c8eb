import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { until } from '../lab/index.js';

export interface Ended {
  readonly exitCode: number | undefined;
  /** Both streams. */
  readonly output: string;
}

/** A private copy of this machine, whose process 1 is systemd. */
export interface Machine {
  /** Runs a line of bash in it, to its end. */
  run(line: string): Promise<Ended>;
  /** The same; throws if it fails. Returns what it printed. */
  must(line: string): Promise<string>;
  /** Writes a file of the machine. */
  write(path: string, text: string): Promise<void>;
  /** A folder of the host, which is /run/outside in it. */
  readonly outside: string;
  /** Shuts it down, in order. */
  powerOff(): Promise<void>;
  /** Ends all that is in it. May be called twice. */
  destroy(): Promise<void>;
}

/** Boots the machine, and waits until systemd says it is up. Needs root. */
export async function bootMachine(): Promise<Machine> {
  const directory = mkdtempSync(join(tmpdir(), 'srrd-machine-'));
  const [root, outside] = ['root', 'outside'].map((name) => join(directory, name)) as [string, string];
  for (const folder of [root, outside]) mkdirSync(folder);
  const spaces = ['--pid', '--mount', '--uts', '--ipc', '--cgroup', '--net'];
  const boot = join(import.meta.dirname, 'machine', 'boot');
  // A test that is killed takes its machine with it.
  const command = ['--pdeathsig', 'KILL', 'unshare', '--fork', '--kill-child=KILL', ...spaces, boot, root, outside];
  const child = spawn('setpriv', command, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
    });
  }
  const gone = once(child, 'exit');
  let first = 0;

  const run = async (line: string): Promise<Ended> => {
    const ended = await execa('nsenter', ['--target', String(first), '--all', '/bin/bash', '-c', line], {
      reject: false,
      all: true,
      // A bash whose stdin is a socket takes itself for one that somebody has logged in to.
      stdin: 'ignore',
      timeout: 120_000,
    });
    return { exitCode: ended.exitCode, output: ended.all };
  };
  const machine: Machine = {
    run,
    outside,
    async must(line) {
      const { exitCode, output } = await run(line);
      if (exitCode !== 0) throw new Error(`${line}: exit status ${exitCode}: ${output}`);
      return output;
    },
    async write(path, text) {
      const passed = join(outside, 'passed');
      writeFileSync(passed, text);
      await machine.must(`mkdir -p "$(dirname '${path}')" && cp /run/outside/passed '${path}'`);
    },
    async powerOff() {
      await run('systemctl poweroff');
      await gone;
    },
    async destroy() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await gone;
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
  try {
    first = await until(async () => processOne(child.pid ?? 0), { what: `a machine boots (${said})` });
    await until(async () => /running|degraded/.test((await run('systemctl is-system-running')).output), {
      what: 'systemd is up',
      timeoutMs: 180_000,
    });
    return machine;
  } catch (error) {
    await machine.destroy();
    throw new Error(`no machine with systemd: ${error instanceof Error ? error.message : error}; it said: ${said}`);
  }
}

/** The child of unshare, when it has become systemd. */
async function processOne(parent: number): Promise<number | undefined> {
  const { stdout } = await execa('ps', ['--ppid', String(parent), '-o', 'pid=,comm='], { reject: false });
  const pid = /^\s*(\d+) systemd$/m.exec(stdout)?.[1];
  return pid === undefined ? undefined : Number(pid);
}
