import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/**
 * Tells of paths in `folder`, one or two levels deep, whether they lie on its own disk: no link leads elsewhere, and nothing
 * is mounted there. Asks nothing of what may be mounted. To be made anew for each look.
 */
export function onDiskOf(folder: string): (path: string) => boolean {
  let mounted: ReadonlySet<string> | undefined;
  return (path) => {
    const inside = relative(folder, path);
    if (inside.startsWith('..')) return false;
    mounted ??= mountsWithin(folder);
    const steps = inside.split(sep);
    return steps.every((_, index) => {
      const step = join(...steps.slice(0, index + 1));
      return !mounted?.has(step) && !isLink(join(folder, step));
    });
  };
}

function mountsWithin(folder: string): ReadonlySet<string> {
  const real = realpathSync(folder);
  return new Set(mountPoints().map((point) => relative(real, point)));
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** The mount point that the path lies below, as it is written. */
export function mountPointOf(path: string): string {
  const points = mountPoints().filter((point) => isWithin(point, path));
  return points.sort((a, b) => b.length - a.length)[0] ?? '/';
}

function isWithin(folder: string, path: string): boolean {
  return folder === '/' || path === folder || path.startsWith(folder + sep);
}

/** proc(5), /proc/PID/mountinfo: the fifth field; blanks are written as octal numbers. */
function mountPoints(): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .map((point) =>
      point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    );
}
