import { createHash } from 'node:crypto';

/** A hash over what the files of a node say, without comments: it tells whether they have changed since. */
export function definitionsBase(files: readonly Written[]): string {
  const each = files.map(({ name, definition }) => JSON.stringify([name, definition]));
  return createHash('sha256').update(each.toSorted().join('\n')).digest('hex');
}

interface Written {
  readonly name: string;
  readonly definition: Readonly<Record<string, unknown>>;
}
