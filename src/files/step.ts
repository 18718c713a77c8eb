import { lstatSync, readlinkSync } from 'node:fs';

/** What is at a path, links not followed. */
export type Step =
  | {
      readonly kind: 'there';
      /** As in stat(2): type and permissions. */
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
      /** What a link says; null: it is none. */
      readonly target: string | null;
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly problem: string };

export type LookAt = (path: string) => Step;

/** Asks the file system, and waits for as long as it takes to answer. */
export function stepAt(path: string): Step {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { kind: 'absent' };
    const { mode, uid, gid } = stats;
    return { kind: 'there', mode, uid, gid, target: stats.isSymbolicLink() ? readlinkSync(path) : null };
  } catch (error) {
    return { kind: 'failed', problem: error instanceof Error ? error.message : String(error) };
  }
}

/** A path and all folders that it is written to lie in, the outermost first. */
export function stepsOf(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return ['/', ...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)];
}
