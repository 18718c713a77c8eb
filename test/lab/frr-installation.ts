import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from './checkout.js';
import { run } from './command.js';

/** `installed`: whatever this machine has. `10`: that, if it is 10 or later, else the one that scripts/fetch-frr10 takes. */
export type FrrChoice = '8' | '10' | 'installed';

export interface FrrInstallation {
  /** For example `8.4.4`. */
  readonly version: string;
  readonly major: number;
  /** The command line that runs this FRR's daemon. */
  command(daemon: string, args: readonly string[]): string[];
}

const found = new Map<FrrChoice, Promise<FrrInstallation>>();

/** Throws if FRR is not there, or not the one wanted; the message says what to do. */
export function findFrr(choice: FrrChoice): Promise<FrrInstallation> {
  let finding = found.get(choice);
  if (finding === undefined) {
    finding = choice === '10' ? findFrr10() : findInstalled(choice);
    found.set(choice, finding);
  }
  return finding;
}

async function findInstalled(choice: FrrChoice): Promise<FrrInstallation> {
  if (!existsSync('/usr/lib/frr/ospfd')) {
    throw new Error('FRR is not installed: expected /usr/lib/frr/ospfd. Run scripts/install-packages');
  }
  const installation = await inspect([]);
  if (choice === '8' && installation.major !== 8) {
    throw new Error(`the lab was asked for FRR 8, but this machine has ${installation.version}`);
  }
  return installation;
}

async function findFrr10(): Promise<FrrInstallation> {
  const fetched = await run([join(CHECKOUT, 'scripts', 'fetch-frr10')], { timeoutMs: 300_000 });
  const root = fetched.stdout.trim();
  if (root === '/') return inspect([]);
  // Without the folders that frr-chroot mounts, to find out the version needs no namespace.
  const version = await inspect(['chroot', root]);
  return { ...version, command: commandIn([join(CHECKOUT, 'test', 'lab', 'frr-chroot'), root]) };
}

async function inspect(prefix: readonly string[]): Promise<FrrInstallation> {
  const command = commandIn(prefix);
  const { stdout } = await run(command('ospfd', ['--version']));
  const version = /version (\d+)(?:\.\d+)*/.exec(stdout);
  if (version?.[1] === undefined) throw new Error(`ospfd --version: expected a version, got "${stdout}"`);
  return { version: version[0].replace('version ', ''), major: Number(version[1]), command };
}

function commandIn(prefix: readonly string[]): FrrInstallation['command'] {
  return (daemon, args) => [...prefix, `/usr/lib/frr/${daemon}`, ...args];
}
