import { rmSync } from 'node:fs';
import type { Configuration } from '../config/index.js';
import { systemErrorText } from '../files/index.js';
import { commandWithoutSecrets, vtyCommand } from '../routing/index.js';
import { BYTES, textOf, vtySession } from './look.js';
import { type Done, digest, forget, lastRecord, saveRecord } from './record.js';
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
  const done = lastRecord(configuration.stateDir);
  if (done === null) return null;
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
  const { problems, restartLeft } = await revert(done, configuration);
  return { at: done.at, files: done.files.map(({ file: name }) => name), problems, restartLeft };
}

/** Puts everything back, and keeps the record of what could not be: that can be tried again. */
export async function revert(
  done: Done,
  configuration: Configuration,
): Promise<{ readonly problems: readonly string[]; readonly restartLeft: boolean }> {
  const problems: string[] = [];
  const fails = async (work: () => Promise<void> | void): Promise<boolean> => {
    try {
      await work();
      return false;
    } catch (error) {
      problems.push(commandWithoutSecrets(error instanceof Error ? error.message : String(error)));
      return true;
    }
  };
  const files: Done['files'] = [];
  for (const one of done.files) if (await fails(() => restore(one))) files.push(one);
  const told: Done['told'] = [];
  for (const piece of done.told) if (await fails(() => tellBack(piece, configuration))) told.push(piece);
  const { nft, enabled, restarted } = done;
  const rules = nft !== null && (await fails(() => loadRules(nft)));
  const off = enabled && (await fails(disableNftables));
  let restartLeft = false;
  const down =
    restarted !== null &&
    (await fails(async () => {
      restartLeft = !(await restartedAgain(restarted));
    }));
  if (problems.length === 0) forget(configuration.stateDir, done);
  else {
    const left = { nft: rules ? nft : null, enabled: off, restarted: down ? restarted : null };
    saveRecord(configuration.stateDir, { at: done.at, files, told, ...left });
  }
  return { problems, restartLeft };
}

function restore({ file, copy, before, after }: Done['files'][number]): void {
  const now = digest(textOf(file));
  if (now === before || now !== after) return;
  if (copy === null) return rmSync(file);
  const text = textOf(copy);
  if (text === null || digest(text) !== before)
    throw new Error(
      `${file}: expected it as it was in ${copy}, which is not there, or another by now: mend it by hand`,
    );
  writeLike(file, Buffer.from(text, BYTES));
}

async function restartedAgain(frrFile: string): Promise<boolean> {
  try {
    return await restartFrr(frrFile);
  } catch (error) {
    throw new Error(`FRR may not run (${systemErrorText(error)}): journalctl -u frr says why`);
  }
}

async function tellBack({ daemon, context, lines }: Done['told'][number], configuration: Configuration): Promise<void> {
  const vty = vtySession(daemon, configuration);
  try {
    await vty.configure([...context, ...lines].map((line) => vtyCommand('configure', line)));
  } finally {
    vty.close();
  }
}
