import { existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** Where FRR's lines are. */
export interface FrrFiles {
  readonly ospfd: string;
  readonly bfdd: string;
  /** null: FRR is started by something else. */
  readonly daemons: string | null;
}

const ROUTER = /^\s*router\s+ospf(\s+vrf\s+default)?\s*$/m;

/**
 * frr.conf, which all daemons share, or files of single daemons: whichever has `router ospf`. A link is what it leads to.
 * Throws an Error, in words, if FRR is not installed, or its files cannot be read.
 */
export function frrFiles(folder: string): FrrFiles {
  const [shared, own, daemons] = ['frr.conf', 'ospfd.conf', 'daemons'].map((name) => join(folder, name));
  if (shared === undefined || own === undefined || daemons === undefined || !existsSync(folder)) {
    throw new Error(`expected the files of FRR in ${folder}, which is not there: apt-get install frr`);
  }
  const has = (file: string) => existsSync(file) && ROUTER.test(readFileSync(file, 'latin1'));
  const separate = !has(shared) && (has(own) || (!existsSync(shared) && existsSync(own)));
  return {
    ospfd: real(separate ? own : shared),
    bfdd: real(separate ? join(folder, 'bfdd.conf') : shared),
    daemons: existsSync(daemons) ? real(daemons) : null,
  };
}

export function hasInstance(text: string): boolean {
  return ROUTER.test(text);
}

/**
 * What a link leads to. Throws an Error for one that is neither root's nor of whoever runs this: FRR's folder is its user's, who
 * could have root change or read a file of somebody else by it.
 */
export function real(file: string): string {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there?.isSymbolicLink() && there.uid !== 0 && there.uid !== process.geteuid?.())
    throw new Error(`${file}: expected a file or a link of root, got a link of user ${there.uid}`);
  return existsSync(file) ? realpathSync(file) : file;
}
