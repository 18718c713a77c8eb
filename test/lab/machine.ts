import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CHECKOUT } from './checkout.js';
import { type RunOptions, type RunResult, run, tryRun } from './command.js';
import type { Host } from './host.js';
import type { ManagedProcess } from './managed-process.js';
import { GiveUp, until } from './until.js';

export interface MachineOptions {
  /** The file system below. Default `/`: this machine's own, with all that is installed on it. */
  readonly root?: string;
  /** Show the checkout at /usr/lib/srrd, where the package has srrd. Default false. */
  readonly checkout?: boolean;
  /** Files that are laid over the file system before it boots, by absolute path. */
  readonly files: Readonly<Record<string, string>>;
}

/** A machine with systemd as process 1, in the namespace of a host of the lab. */
export interface Machine {
  /** A folder that both sides see. */
  readonly shared: { readonly outside: string; readonly inside: string };
  /** Waits for the machine, and ends with it. */
  readonly process: ManagedProcess;
  /** Runs a program in it; throws if it fails. */
  exec(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  tryExec(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** A property of a unit, as `systemctl show` prints it. */
  show(unit: string, property: string): Promise<string>;
}

/** Resolves when systemd answers; nothing but the base of the system has been started then. */
export async function bootMachine(host: Host, options: MachineOptions): Promise<Machine> {
  const folder = join(host.directory, 'machine');
  const shared = { outside: join(host.directory, 'shared'), inside: '/mnt/shared' };
  for (const directory of [folder, shared.outside]) mkdirSync(directory);
  for (const [path, text] of Object.entries({ ...UNITS, ...options.files })) {
    const file = join(shared.outside, 'root', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
  const process = host.spawn('machine', [
    join(CHECKOUT, 'test', 'lab', 'machine', 'boot'),
    host.namespace,
    options.root ?? '/',
    folder,
    shared.outside,
    options.checkout ? CHECKOUT : '-',
    'srrd-lab.target',
  ]);
  process.ended.then(() => removeCgroup(host.namespace)).catch(() => {});
  const enter = (argv: readonly string[]) => ['nsenter', '--all', `--target=${firstProcess(process)}`, ...argv];
  const machine: Machine = {
    shared,
    process,
    exec: async (argv, more) => run(enter(argv), more),
    tryExec: async (argv, more) => tryRun(enter(argv), more),
    show: async (unit, property) =>
      (await run(enter(['systemctl', 'show', '--value', `--property=${property}`, unit]))).stdout.trim(),
  };
  await until(
    async () => {
      if (!process.running) throw new GiveUp(`the machine ${host.name} did not boot: ${process.output()}`);
      return (await machine.show('srrd-lab.target', 'ActiveState')) === 'active';
    },
    { what: `the machine ${host.name} has booted`, timeoutMs: 120_000 },
  );
  return machine;
}

/** Not multi-user.target: services of whatever is installed on this machine are nobody's wish here. */
const UNITS = {
  '/etc/systemd/system/srrd-lab.target':
    '[Unit]\nRequires=basic.target\nAfter=basic.target\nAllowIsolate=yes\nWants=dbus.service\n',
};

/** Of the machine: the only child of the process that waits. */
function firstProcess({ pid }: ManagedProcess): string {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  if (child === undefined || child === '') throw new Error('the machine has no process yet');
  return child;
}

/** A cgroup can be removed when it is empty, from the innermost outwards. */
function removeCgroup(name: string): void {
  const mount = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, , type]) => type === 'cgroup2')?.[1];
  if (mount === undefined) return;
  const remove = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true }))
      if (entry.isDirectory()) remove(join(path, entry.name));
    rmdirSync(path);
  };
  remove(join(mount, name));
}
