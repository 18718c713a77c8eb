import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../lab/checkout.js';
import { type RunResult, run } from '../lab/command.js';
import { bootMachine, type Host, type Machine } from '../lab/index.js';

export type Release = 'debian12' | 'debian13';

const SUITES: Readonly<Record<Release, string>> = { debian12: 'bookworm', debian13: 'trixie' };

/** Where the administrator has the packages and the definition. */
export const FOLDER = '/root/srrd';

/** A bare Debian with systemd, and the packages of `make deb` in a folder of root's. */
export async function bootDebian(host: Host, release: Release, name: string): Promise<Machine> {
  const root = join(CHECKOUT, '.lab', 'machines', SUITES[release]);
  if (!existsSync(join(root, 'fetched'))) throw new Error(`expected a system in ${root}: run make test-machines`);
  const machine = await bootMachine(host, { root, files: {} });
  await machine.exec(['hostname', name]);
  const packages = join(machine.shared.outside, 'packages');
  mkdirSync(packages);
  const built = join(CHECKOUT, 'build', release);
  for (const file of readdirSync(built))
    if (file.endsWith('.deb')) copyFileSync(join(built, file), join(packages, file));
  await machine.exec(['cp', '-r', join(machine.shared.inside, 'packages'), FOLDER]);
  return machine;
}

/**
 * On a terminal, at which somebody types this line again and again if it is given: apt-get forgets what was typed before it asks.
 */
export function onTerminal(machine: Machine, line: string, typed?: string): Promise<RunResult> {
  const typing = typed === undefined ? '' : 'while sleep 1; do echo "$1"; done | ';
  const shell = `${typing}script --quiet --return --command "$0" /dev/null`;
  return machine.exec(['bash', '-c', shell, `cd ${FOLDER} && ${line}`, typed ?? ''], { timeoutMs: 600_000 });
}

/** The package once more, of a later version, as a file of the machine. */
export async function nextVersion(machine: Machine): Promise<string> {
  const folder = join(machine.shared.outside, 'packages');
  const file = readdirSync(folder).find((name) => /^srrd_.*\.deb$/.test(name)) ?? 'srrd';
  const next = join(machine.shared.outside, 'next');
  await run(['dpkg-deb', '--raw-extract', join(folder, file), next]);
  await run(['sed', '-i', 's/^Version: .*/&+next/', join(next, 'DEBIAN', 'control')]);
  await run(['dpkg-deb', '-Znone', '--build', next, join(folder, 'next.deb')], { timeoutMs: 300_000 });
  return join(machine.shared.inside, 'packages', 'next.deb');
}

/** All paths that have srrd in them; not the package manager's records, the journal, and what the lab brought. */
export async function pathsOfSrrd(machine: Machine): Promise<readonly string[]> {
  const apart = ['/proc', '/sys', '/dev', '/mnt', '/root', '/var/lib/dpkg', '/run/systemd', '/var/cache/apt'];
  const pruned = apart.flatMap((path) => ['-path', path, '-prune', '-o']);
  const find = ['find', '/', ...pruned, '-path', '*srrd*', '-print'];
  const { stdout } = await machine.tryExec(find, { timeoutMs: 300_000 });
  return stdout.split('\n').filter((path) => path !== '' && !path.includes('srrd-lab'));
}
