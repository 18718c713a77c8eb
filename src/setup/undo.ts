import { readFileSync, rmSync } from 'node:fs';
import type { Configuration } from '../config/index.js';
import { commandWithoutSecrets, vtyCommand } from '../routing/index.js';
import { textOf, vtySession } from './look.js';
import { type Done, digest, forget, lastRecord } from './record.js';
import { disableNftables, loadRules, restartFrr } from './system.js';
import { writeLike } from './write.js';

/** What was put back. */
export interface Undone {
  readonly at: string;
  readonly files: readonly string[];
  /** What could not be put back, in words. */
  readonly problems: readonly string[];
  readonly restartLeft: boolean;
}

/**
 * Puts back what the last `setup --apply` or `doctor --fix --apply` has changed; null: there is none. Throws an Error that
 * names the files that were changed since, and then nothing is put back.
 */
export async function undoLast(configuration: Configuration): Promise<Undone | null> {
  const last = lastRecord(configuration.stateDir);
  if (last === null) return null;
  const { done, file } = last;
  const changed = done.files.filter(({ file: name, before, after }) => {
    const now = digest(textOf(name));
    return now !== after && now !== before;
  });
  if (changed.length > 0) {
    const copies = done.files.flatMap(({ copy }) => copy ?? []);
    const where = copies.length === 0 ? '' : `. As they were: ${copies.join(', ')}`;
    throw new Error(
      `changed since ${done.at}: ${changed.map(({ file: name }) => name).join(', ')}; nothing was put back, since that would be lost${where}`,
    );
  }
  const problems = await revert(done, configuration);
  const restartLeft = done.restarted !== null && !(await restartFrr(done.restarted));
  forget(file);
  return { at: done.at, files: done.files.map(({ file: name }) => name), problems, restartLeft };
}

/** Everything but a restart of FRR. Returns what could not be put back. */
export async function revert(done: Done, configuration: Configuration): Promise<readonly string[]> {
  const problems: string[] = [];
  const attempt = async (work: () => Promise<void> | void) => {
    try {
      await work();
    } catch (error) {
      problems.push(commandWithoutSecrets(error instanceof Error ? error.message : String(error)));
    }
  };
  for (const one of done.files) await attempt(() => restore(one));
  for (const piece of done.told) await attempt(() => tellBack(piece, configuration));
  const { nft, enabled } = done;
  if (nft !== null) await attempt(() => loadRules(nft));
  if (enabled) await attempt(disableNftables);
  return problems;
}

function restore({ file, copy, before, after }: Done['files'][number]): void {
  const now = digest(textOf(file));
  if (now === before || now !== after) return;
  if (copy === null) rmSync(file);
  else writeLike(file, readFileSync(copy));
}

async function tellBack({ daemon, context, lines }: Done['told'][number], configuration: Configuration): Promise<void> {
  const vty = vtySession(daemon, configuration);
  try {
    await vty.configure([...context, ...lines].map((line) => vtyCommand('configure', line)));
  } finally {
    vty.close();
  }
}
