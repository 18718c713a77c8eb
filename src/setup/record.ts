import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeJsonAtomically } from '../files/index.js';

const schema = z.object({
  at: z.string(),
  files: z.array(
    z.object({
      file: z.string(),
      /** null: it was not there. */
      copy: z.string().nullable(),
      before: z.string().nullable(),
      after: z.string(),
    }),
  ),
  told: z.array(
    z.object({ daemon: z.enum(['ospfd', 'bfdd']), context: z.array(z.string()), lines: z.array(z.string()) }),
  ),
  /** What nft is given to have the table that was there; null: nothing. */
  nft: z.string().nullable(),
  /** The unit of nftables was switched on. */
  enabled: z.boolean(),
  /** A file of the FRR that was restarted, or was to be; null: it was not. */
  restarted: z.string().nullable(),
});

/** What was done, so that it can be undone. Holds what the files held: keys too. */
export type Done = z.output<typeof schema>;

/** Mode 0600, in a folder of mode 0700. */
export function saveRecord(stateDir: string, done: Done): void {
  writeJsonAtomically(fileOf(stateDir, done), done);
}

/** The last one; null: there is none. Throws an Error that names it, if it cannot be read. */
export function lastRecord(stateDir: string): Done | null {
  const folder = folderOf(stateDir);
  if (!existsSync(folder)) return null;
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  const last = names.toSorted().at(-1);
  if (last === undefined) return null;
  const file = join(folder, last);
  const read = readJson(file, schema);
  if (read.kind === 'read') return read.value;
  throw new Error(`${file}: ${read.kind === 'missing' ? 'it is not there any more' : read.reason}`);
}

export function forget(stateDir: string, done: Done): void {
  rmSync(fileOf(stateDir, done), { force: true });
}

export function digest(text: string | null): string | null {
  return text === null ? null : createHash('sha256').update(text, 'latin1').digest('hex');
}

function fileOf(stateDir: string, { at }: Done): string {
  return join(folderOf(stateDir), `${at.replaceAll(':', '')}.json`);
}

function folderOf(stateDir: string): string {
  return join(stateDir, 'setup');
}
