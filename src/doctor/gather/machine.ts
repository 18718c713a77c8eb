import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import type { Clock, Firewall, Kernel, Listener, Programs, SavedLine } from '../facts.js';
import { readSavedLines } from '../parse/configuration-lines.js';
import { readListeners } from '../parse/listeners.js';
import { reachOfLocalUsers, reachThrough, readRuleset } from '../parse/nftables.js';
import { LOOK_WITHIN_MS } from './within.js';

/** TCP sockets that listen in this network namespace. Throws an Error if /proc cannot be read. */
export function lookAtListeners(): readonly Listener[] {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].filter((path) => existsSync(path));
  return tables.flatMap((path) => readListeners(readFileSync(path, 'utf8')));
}

/** Throws an Error if nft is there but does not answer. Without nft nothing is filtered, as far as we can know. */
export async function lookAtFirewall(): Promise<Firewall> {
  const nft = programIn(searchPath(), 'nft');
  if (nft === undefined) return { reaches: () => 'all', reachesLocally: () => 'all' };
  const text = await output(nft, ['-j', 'list', 'ruleset']);
  const ruleset = readRuleset(text);
  const others = Object.entries(networkInterfaces()).filter(([, list]) => list?.some(({ internal }) => !internal));
  const names = others.map(([name]) => name);
  return {
    reaches: (port) => reachThrough(ruleset, names, port),
    reachesLocally: (port) => reachOfLocalUsers(ruleset, port),
  };
}

const IPV4 = '/proc/sys/net/ipv4';

/** Throws an Error if /proc cannot be read. */
export function lookAtKernel(): Kernel {
  const all = readNumber(`${IPV4}/conf/all/rp_filter`);
  const names = readdirSync(`${IPV4}/conf`).filter((name) => name !== 'all' && name !== 'default');
  return {
    forwards: readNumber(`${IPV4}/ip_forward`) === 1,
    reversePathFilter: new Map(
      names.map((name) => [name, Math.max(all, readNumber(`${IPV4}/conf/${name}/rp_filter`))]),
    ),
  };
}

const NEEDED = ['ip', 'make'];

export function lookForPrograms(): Programs {
  const path = searchPath();
  return { path, missing: NEEDED.filter((name) => programIn(path, name) === undefined) };
}

/** Whether some time service keeps the kernel's clock, whichever it is. Throws an Error without systemd. */
export async function lookAtClock(): Promise<Clock> {
  const timedatectl = programIn(searchPath(), 'timedatectl');
  if (timedatectl === undefined) throw new Error('there is no timedatectl to ask');
  const answer = (await output(timedatectl, ['show', '--property=NTPSynchronized', '--value'])).trim();
  if (answer !== 'yes' && answer !== 'no')
    throw new Error(`timedatectl: expected yes or no, got "${answer.slice(0, 40)}"`);
  return { nowMs: Date.now(), synchronised: answer === 'yes' };
}

/** FRR's files, the one that all daemons share (Debian's way) and those of single daemons. */
const SAVED = ['frr.conf', 'zebra.conf', 'ospfd.conf', 'mgmtd.conf'];

/** Throws an Error if one of the files is there and cannot be read. */
export function readSavedConfiguration(frrDirectory: string): readonly SavedLine[] {
  const files = SAVED.map((name) => join(frrDirectory, name)).filter((file) => existsSync(file));
  return files.flatMap((file) => readSavedLines(file, readFileSync(file, 'utf8')));
}

/** Throws an Error with what the program said. */
async function output(file: string, args: readonly string[]): Promise<string> {
  const result = await execa(file, args, {
    reject: false,
    stdin: 'ignore',
    timeout: LOOK_WITHIN_MS,
    maxBuffer: 16 * 1024 * 1024,
    env: { LC_ALL: 'C' },
  });
  if (result.failed) throw new Error(`${file}: ${result.stderr.trim().split('\n')[0] || result.shortMessage}`);
  return result.stdout;
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function searchPath(): string {
  return process.env.PATH || DEFAULT_PATH;
}

function programIn(path: string, name: string): string | undefined {
  return path
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function readNumber(file: string): number {
  return Number(readFileSync(file, 'utf8').trim());
}
