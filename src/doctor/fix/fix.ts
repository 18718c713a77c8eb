import { copyFileSync, existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfiguration } from '../../config/index.js';
import { writeAtomically } from '../../files/index.js';
import { VtySession, vtyCommand, vtyOpener } from '../../routing/index.js';
import type { Finding } from '../finding.js';
import { type EditedLines, withRouterLines } from './router-lines.js';

/**
 * Findings that lines below `router ospf` put right. No adjacency is lost by them, so that they may be given to a running
 * ospfd; of all others that is for a person to judge.
 */
export const FIXABLE: readonly string[] = ['opaque', 'lsa-throttle', 'lsa-min-arrival', 'spf-throttle'];

/** What would be done. */
export interface Fix {
  readonly checks: readonly string[];
  /** For ospfd, below `router ospf`. */
  readonly lines: readonly string[];
  /** FRR's file, which is what a link leads to. */
  readonly file: string;
  readonly edited: EditedLines;
}

export interface FixOf {
  readonly configFile: string;
  /** null: `vty.configDir` of srrd's configuration. */
  readonly frrDirectory: string | null;
}

/** FRR's file that all daemons share, or that of ospfd alone: whichever has the block. */
const FILES = ['frr.conf', 'ospfd.conf'];

const VTY_WITHIN_MS = 10_000;

/** A description in FRR's file may be in any encoding: each byte is a character, and written back as it was. */
const BYTES = 'latin1';

/** null: none of these findings is there. Throws an Error, in words, if there is no place for the lines. */
export function fixFor(findings: readonly Finding[], { configFile, frrDirectory }: FixOf): Fix | null {
  const found = findings.filter(({ check, level }) => level !== 'fine' && FIXABLE.includes(check));
  if (found.length === 0) return null;
  const all = found.flatMap(({ remedies }) => remedies[0]?.lines ?? []).map((line) => line.trim());
  const lines = all.filter((line) => line !== 'router ospf' && line !== 'exit');
  const folder = frrDirectory ?? loadConfiguration(configFile).vty.configDir;
  for (const file of FILES.map((name) => join(folder, name)).filter((path) => existsSync(path))) {
    const edited = editedFile(file, lines);
    if (edited !== null) return { checks: found.map(({ check }) => check), lines, file: realpathSync(file), edited };
  }
  throw new Error(
    `expected a line \`router ospf\` in ${FILES.join(' or ')} of ${folder}, found none: write them by hand`,
  );
}

/** For people: what ospfd is told, and what is another in the file. */
export function describeFix({ checks, lines, file, edited }: Fix): string {
  const told = ['configure terminal', 'router ospf', ...lines.map((line) => ` ${line}`), 'end'];
  const changes = [...edited.removed.map((line) => `-${line}`), ...edited.added.map((line) => `+${line}`)];
  const saved = changes.length === 0 ? ['(has these lines already)'] : changes;
  return [
    `For ${checks.join(', ')}:`,
    ...['', '  ospfd:', ...told.map((line) => `    ${line}`)],
    ...['', `  ${file}, below router ospf:`, ...saved.map((line) => `    ${line}`)],
    '',
  ].join('\n');
}

/**
 * Tells ospfd, and then the file, as it is by then. Returns the copy of the file as it was; null: it had the lines. Throws an
 * Error if ospfd refuses, or the file has no place for the lines any more, and then the file is as it was.
 */
export async function applyFix({ lines, file }: Fix, { configFile }: FixOf, now: Date): Promise<string | null> {
  const address = loadConfiguration(configFile).vty.ospfd;
  const open = vtyOpener({ daemon: 'ospfd', address });
  const ospfd = new VtySession({ daemon: 'ospfd', open, timeoutMs: VTY_WITHIN_MS, patient: false });
  try {
    await ospfd.configure(['router ospf', ...lines].map((line) => vtyCommand('configure', line)));
  } finally {
    ospfd.close();
  }
  const edited = editedFile(file, lines);
  if (edited === null)
    throw new Error(`ospfd has the lines, ${file} has no \`router ospf\` any more: write them by hand`);
  if (edited.added.length === 0) return null;
  const copy = `${file}.before-srrctl-${now.toISOString().slice(0, 19).replaceAll(':', '')}`;
  copyFileSync(file, copy);
  writeAtomically(file, Buffer.from(edited.text, BYTES), { keepOwner: true });
  return copy;
}

function editedFile(file: string, lines: readonly string[]): EditedLines | null {
  const text = readFileSync(file, BYTES);
  try {
    return withRouterLines(text, lines);
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
