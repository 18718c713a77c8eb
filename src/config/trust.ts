import { constants, statSync } from 'node:fs';
import { dirname, isAbsolute, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LookAt, type Step, stepAt, systemErrorText } from '../files/index.js';

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

/** What is found at the end of a path; `absent`: this step of it is not there, and would lie in this folder. */
type End = { readonly problem: string | null } | { readonly absent: string; readonly folder: string };

/**
 * Why this file must not decide what is run as our user: a sentence with path and mode; null: nobody may change it but root, we,
 * and who may change srrd itself. So the file, every folder on its path, and every symbolic link in between must belong
 * to one of them, and no other group and nobody else may write there. Of a folder such as /tmp, in which others can make
 * files and not replace them (the sticky bit), only what lies in it counts. The rule is sudo's and sshd's.
 *
 * `look`: asks for each step.
 */
export function trustProblem(
  file: string,
  known: KnownFolders = new Map(),
  trusted: Trusted = ours(),
  look: LookAt = stepAt,
): string | null {
  const end = endOf(file, known, trusted, look);
  return 'problem' in end ? end.problem : `${end.absent} cannot be read: ENOENT: no such file or directory`;
}

/**
 * The same for a file that is not there: null, if nobody but those who are trusted can make it. In a folder such as /tmp
 * anybody can.
 */
export function absenceProblem(
  file: string,
  known: KnownFolders = new Map(),
  trusted: Trusted = ours(),
  look: LookAt = stepAt,
): string | null {
  const end = endOf(file, known, trusted, look);
  if ('problem' in end) return end.problem;
  const folder = look(end.folder);
  const problem = folder.kind === 'there' ? writersProblem(end.folder, folder, trusted) : unseen(end.folder, folder);
  return problem === null ? null : `${end.absent} is not there, and others may make it: ${problem}`;
}

function endOf(file: string, known: KnownFolders, trusted: Trusted, look: LookAt): End {
  let links = 0;
  let folder = parse(file).root;
  let steps = file.split('/').filter((step) => step !== '');
  for (;;) {
    const inFolder = known.get(folder) ?? folderProblem(folder, look(folder), trusted);
    known.set(folder, inFolder);
    if (inFolder !== null) return { problem: inFolder };
    const [name, ...rest] = steps;
    if (name === undefined) return { problem: null };
    const path = name === '..' ? dirname(folder) : name === '.' ? folder : join(folder, name);
    const step = look(path);
    if (step.kind === 'absent') return { absent: path, folder };
    if (step.kind === 'failed') return { problem: unseen(path, step) };
    if (step.target !== null) {
      links += 1;
      if (links > MOST_LINKS) return { problem: `${file} leads over more than ${MOST_LINKS} symbolic links` };
      if (!trusted.users.has(step.uid)) return { problem: belongsTo(path, step) };
      if (isAbsolute(step.target)) folder = parse(step.target).root;
      steps = [...step.target.split('/').filter((part) => part !== ''), ...rest];
    } else if (rest.length === 0) {
      return { problem: problemOf(path, step, trusted) };
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

type There = Extract<Step, { kind: 'there' }>;

function folderProblem(path: string, step: Step, trusted: Trusted): string | null {
  return step.kind === 'there' ? problemOf(path, step, trusted) : unseen(path, step);
}

function unseen(path: string, step: Exclude<Step, There>): string {
  return `${path} cannot be read: ${step.kind === 'absent' ? 'No such file or directory' : systemErrorText(step.problem)}`;
}

function problemOf(path: string, stats: There, trusted: Trusted): string | null {
  if (!trusted.users.has(stats.uid)) return belongsTo(path, stats);
  return (stats.mode & constants.S_IFMT) === constants.S_IFDIR && (stats.mode & STICKY) !== 0
    ? null
    : writersProblem(path, stats, trusted);
}

function writersProblem(path: string, stats: There, trusted: Trusted): string | null {
  const anybody = (stats.mode & ANYBODY_WRITES) !== 0;
  if (!anybody && ((stats.mode & GROUP_WRITES) === 0 || trusted.groups.has(stats.gid))) return null;
  const mode = (stats.mode & 0o7777).toString(8).padStart(4, '0');
  const who = anybody ? 'anybody' : `group ${stats.gid}`;
  return `${path} has mode ${mode}, so ${who} may change what srrd runs; chmod ${anybody ? 'go-w' : 'g-w'} ${path}`;
}

function belongsTo(path: string, { uid }: There): string {
  return `${path} belongs to user ${uid}, who may change what srrd runs; chown root ${path}`;
}
