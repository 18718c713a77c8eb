import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorText } from '../files/index.js';
import { commandWithoutSecrets, vtyCommand } from '../routing/index.js';
import { type EditedFile, editedFiles } from './describe.js';
import { linesIn, subject } from './frr/edited.js';
import { BFD_DEFAULTS, type Piece } from './frr/pieces.js';
import { spansOf } from './frr/spans.js';
import { BYTES, type Look, textOf, vtySession } from './look.js';
import { rulesetOf } from './nftables-file.js';
import type { Plan } from './plan.js';
import { type Done, digest, saveRecord } from './record.js';
import { enableNftables, loadedTable, loadRules, restartFrr } from './system.js';
import { revert } from './undo.js';
import { writeLike } from './write.js';

export interface Applied {
  readonly copies: readonly { readonly file: string; readonly copy: string }[];
  /** What to do with what was made. */
  readonly words: readonly string[];
  /** FRR is to be restarted, and nobody here does it. */
  readonly restartLeft: boolean;
}

/**
 * Does what the plan says: keys, then FRR's daemons, files, nftables, and a restart of FRR. Throws an Error, in words and without
 * keys, if one of them fails, and then all but the keys is as it was.
 */
export async function applyPlan(plan: Plan, look: Look, now: Date): Promise<Applied> {
  const at = now.toISOString();
  for (const { file } of editedFiles(plan.edits)) checkWritable(file);
  const record = recordOf(look, plan, at);
  checkTellable(record.told);
  const words: string[] = [];
  for (const { make } of plan.making) words.push((await make(now)) ?? '');
  const { files, restartLeft } = await carriedOut(plan, look, record);
  const copies = files.flatMap(({ file, copy }) => (copy === null ? [] : [{ file, copy }]));
  return { copies, words: words.filter((word) => word !== ''), restartLeft };
}

async function carriedOut(
  plan: Plan,
  look: Look,
  record: Done,
): Promise<{ readonly files: Done['files']; readonly restartLeft: boolean }> {
  const { stateDir, ospf } = look.configuration;
  let done = record;
  saveRecord(stateDir, done);
  try {
    for (const daemon of ['bfdd', 'ospfd'] as const) {
      await tell(
        look,
        daemon,
        plan.told.filter((piece) => piece.daemon === daemon),
      );
    }
    // Read only now: what was written to them meanwhile stays.
    const written = editedFiles(plan.edits);
    done = { ...done, files: written.map((one) => replaced(one, done.at)) };
    saveRecord(stateDir, done);
    for (const one of written) writeLike(one.file, Buffer.from(one.after, BYTES));
    if (plan.nft) {
      const nft = `table inet srrd\ndelete table inet srrd\n${(await loadedTable()) ?? ''}`;
      saveRecord(stateDir, { ...done, nft });
      // All or nothing: after a failure nothing of it is loaded.
      await loadRules(rulesetOf(textOf(look.nftablesFile) ?? '', ospf.port));
      done = { ...done, nft };
    }
    if (plan.enable) {
      await enableNftables();
      done = { ...done, enabled: true };
      saveRecord(stateDir, done);
    }
    if (plan.restart === null) return { files: done.files, restartLeft: false };
    done = { ...done, restarted: look.files.ospfd };
    saveRecord(stateDir, done);
    return { files: done.files, restartLeft: !(await restartFrr(look.files.ospfd)) };
  } catch (error) {
    const { problems } = await revert(done, look.configuration);
    throw new Error(`${withoutKey(systemErrorText(error), plan)}. ${outcome(problems)}`);
  }
}

function outcome(problems: readonly string[]): string {
  return problems.length === 0
    ? 'Everything is as it was.'
    : `Not as it was: ${problems.join('; ')}. srrctl setup --undo tries that again`;
}

function withoutKey(text: string, { told }: Plan): string {
  const keys = told.flatMap(({ lines }) => lines.flatMap((line) => / md5 (\S+)$/.exec(line)?.[1] ?? []));
  return keys.reduce((left, key) => left.replaceAll(` md5 ${key}`, ' md5 ***'), text);
}

/** Before anything is changed. */
function checkWritable(file: string): void {
  try {
    const folder = dirname(file);
    if (existsSync(folder)) accessSync(folder, constants.W_OK);
    if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new Error(`${file} cannot be written: ${systemErrorText(error)}; run it as root. Nothing was changed`);
  }
}

/** Makes a copy of what is there. */
function replaced({ file, before, after }: EditedFile, at: string): Done['files'][number] {
  const copy = before === null ? null : `${file}.before-srrctl-${at.replaceAll(':', '')}`;
  // What the edit has seen, and never into a file or through a link that somebody has put there.
  if (copy !== null) writeFileSync(copy, before ?? '', { encoding: BYTES, flag: 'wx', mode: 0o600, flush: true });
  return { file, copy, before: digest(before), after: digest(after) ?? '' };
}

function recordOf({ running }: Look, { told }: Plan, at: string): Done {
  const all = told.map((piece) => backwards(piece, running[piece.daemon] ?? '')).toReversed();
  // An instance that is new is taken away once: FRR refuses it the second time.
  const back = [...new Map(all.map((piece) => [JSON.stringify(piece), piece])).values()];
  return { at, files: [], told: back, nft: null, enabled: false, restarted: null };
}

/** Before anything is changed: what cannot be put back is not replaced. */
function checkTellable(told: Done['told']): void {
  for (const { daemon, context, lines } of told) {
    for (const line of [...context, ...lines]) {
      try {
        vtyCommand('configure', line);
      } catch {
        throw new Error(
          `${daemon} runs with \`${commandWithoutSecrets(line)}\`, which it could not be told again by --undo: expected only A-Z a-z 0-9 . _ : / -. Change that line by hand. Nothing was changed`,
        );
      }
    }
  }
}

/** What a daemon is told so that it runs as before. */
function backwards({ daemon, context, lines }: Piece, running: string): Done['told'][number] {
  const had = linesIn(running, context);
  const isThere = spansOf(running.split('\n'), context).length > 0;
  if (!isThere && !context.some((line) => line.startsWith('interface '))) {
    return { daemon, context: context.slice(0, -1), lines: [`no ${context.at(-1)}`] };
  }
  const known = daemon === 'bfdd' ? [...had, ...BFD_DEFAULTS] : had;
  const back = lines.toReversed().map((line) => known.find((one) => subject(one) === subject(line)) ?? `no ${line}`);
  return { daemon, context: [...context], lines: back };
}

async function tell(look: Look, daemon: 'ospfd' | 'bfdd', pieces: readonly Piece[]): Promise<void> {
  if (pieces.length === 0) return;
  const vty = vtySession(daemon, look.configuration);
  try {
    const lines = pieces.flatMap(({ context, lines: own }) => [...context, ...own]);
    await vty.configure(lines.map((line) => vtyCommand('configure', line)));
  } finally {
    vty.close();
  }
}
