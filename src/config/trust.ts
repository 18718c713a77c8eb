import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { dirname, isAbsolute, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemErrorText } from './errors.js';

/** Whose files are believed. */
export interface Trusted {
  readonly users: ReadonlySet<number>;
  /** Groups that may write. */
  readonly groups: ReadonlySet<number>;
}

/** What was found of folders before, by path: a thousand files lie in a few folders. */
export type KnownFolders = Map<string, string | null>;

/** open(2) follows so many symbolic links. */
const MOST_LINKS = 40;
const GROUP_WRITES = 0o020;
const ANYBODY_WRITES = 0o002;
const STICKY = 0o1000;

/**
 * Why this file must not decide what is run as our user: a sentence with path and mode; null: nobody may change it but root, we,
 * and who may change srrd itself. So the file, every folder on its path, and every symbolic link in between must belong
 * to one of them, and no other group and nobody else may write there. Of a folder such as /tmp, in which others can make
 * files and not replace them (the sticky bit), only what lies in it counts. The rule is sudo's and sshd's.
 *
 * Calls lstat for each step, which blocks for as long as the file system does.
 */
export function trustProblem(file: string, known: KnownFolders = new Map(), trusted: Trusted = ours()): string | null {
  let links = 0;
  let folder = parse(file).root;
  let steps = file.split('/').filter((step) => step !== '');
  for (;;) {
    const inFolder = known.get(folder) ?? problemOf(folder, lstatSync(folder), trusted);
    known.set(folder, inFolder);
    if (inFolder !== null) return inFolder;
    const [step, ...rest] = steps;
    if (step === undefined) return null;
    const path = step === '..' ? dirname(folder) : step === '.' ? folder : join(folder, step);
    const stats = statsOf(path);
    if (typeof stats === 'string') return stats;
    if (stats.isSymbolicLink()) {
      links += 1;
      if (links > MOST_LINKS) return `${file} leads over more than ${MOST_LINKS} symbolic links`;
      if (!trusted.users.has(stats.uid)) return belongsTo(path, stats);
      const target = readlinkSync(path);
      if (isAbsolute(target)) folder = parse(target).root;
      steps = [...target.split('/').filter((part) => part !== ''), ...rest];
    } else if (rest.length === 0) {
      return problemOf(path, stats, trusted);
    } else {
      folder = path;
      steps = rest;
    }
  }
}

/** Root, the user that we run as, and who may write this file: it is in their hands what srrd does. */
function ours(): Trusted {
  const self = statSync(fileURLToPath(import.meta.url));
  const users = new Set([0, process.geteuid?.() ?? 0, self.uid]);
  return { users, groups: new Set((self.mode & GROUP_WRITES) === 0 ? [0] : [0, self.gid]) };
}

function statsOf(path: string): Stats | string {
  try {
    return lstatSync(path);
  } catch (error) {
    return `${path} cannot be read: ${systemErrorText(error)}`;
  }
}

function problemOf(path: string, stats: Stats, trusted: Trusted): string | null {
  if (!trusted.users.has(stats.uid)) return belongsTo(path, stats);
  if (stats.isDirectory() && (stats.mode & STICKY) !== 0) return null;
  const anybody = (stats.mode & ANYBODY_WRITES) !== 0;
  if (!anybody && ((stats.mode & GROUP_WRITES) === 0 || trusted.groups.has(stats.gid))) return null;
  const mode = (stats.mode & 0o7777).toString(8).padStart(4, '0');
  const who = anybody ? 'anybody' : `group ${stats.gid}`;
  return `${path} has mode ${mode}, so ${who} may change what srrd runs; chmod ${anybody ? 'go-w' : 'g-w'} ${path}`;
}

function belongsTo(path: string, { uid }: Stats): string {
  return `${path} belongs to user ${uid}, who may change what srrd runs; chown root ${path}`;
}
