import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { editedDefinition } from '../../config/index.js';
import { API_PREFIX } from '../../tables/index.js';
import { askForText } from '../client.js';
import type { Context } from '../context.js';
import { EXIT, ExitError } from '../exit.js';
import { printable } from '../printable.js';
import { type AppliedDefinition, definitionsIn } from './applied-file.js';
import { mergedDefinition } from './merge.js';
import { type AskedNode, askedNodes, problemOf } from './nodes.js';

/** One file of a cluster's definitions. */
interface ExportedFile {
  readonly name: string;
  readonly text: string;
  readonly keys: Readonly<Record<string, unknown>>;
  readonly conflicts: readonly string[];
}

const ANSWER_WITHIN_MS = 120_000;

export interface ExportOptions {
  readonly json?: true;
  readonly nodes?: string;
  /** The folder for the files; undefined: they are printed. */
  readonly output?: string;
}

/** What the nodes have, one file for each service, for `apply`. Nothing is written if one of them cannot be asked. */
export async function exportCluster(context: Context, options: ExportOptions): Promise<void> {
  const { output } = context;
  const nodes = await askedNodes(context, options.nodes ?? 'all');
  const read = await Promise.all(nodes.map(definitionsOn));
  for (const { node, problem } of read)
    if (problem !== null) output.err(printable(`srrctl: ${node.name}: ${problem}\n`));
  if (read.some(({ problem }) => problem !== null)) throw new ExitError(EXIT.refused);
  const files = mergedFiles(read);
  for (const { name, conflicts } of files) {
    if (conflicts.length === 0) continue;
    const first = read.find(({ definitions }) => definitions.has(name))?.node.name;
    const text = `srrctl: ${name}: nodes differ in ${conflicts.join(', ')}, and must not; it is taken from ${first}\n`;
    output.err(printable(text));
  }
  if (options.output !== undefined) return writeAll(options.output, files, output.err);
  if (options.json)
    return output.out(
      `${JSON.stringify(
        files.map(({ keys }) => keys),
        null,
        2,
      )}\n`,
    );
  output.out(files.map(({ text }) => text).join('---\n'));
}

interface ReadNode {
  readonly node: AskedNode;
  readonly definitions: ReadonlyMap<string, AppliedDefinition>;
  readonly problem: string | null;
}

async function definitionsOn(node: AskedNode): Promise<ReadNode> {
  const nothing = { node, definitions: new Map() };
  if ('problem' in node.daemon) return { ...nothing, problem: node.daemon.problem };
  const path = `${API_PREFIX}/definitions/export`;
  try {
    const text = await askForText({ address: node.daemon, method: 'GET', path, timeoutMs: ANSWER_WITHIN_MS });
    const all = definitionsIn('its definitions', text);
    return { node, definitions: new Map(all.map((definition) => [definition.name, definition])), problem: null };
  } catch (error) {
    return { ...nothing, problem: problemOf(error) };
  }
}

function mergedFiles(read: readonly ReadNode[]): readonly ExportedFile[] {
  const names = [...new Set(read.flatMap(({ definitions }) => [...definitions.keys()]))].toSorted();
  return names.map((name) => {
    const onNodes = read.map(({ node, definitions }) => ({
      node: node.name,
      keys: definitions.get(name)?.keys ?? null,
    }));
    const first = read.find(({ definitions }) => definitions.has(name))?.definitions.get(name);
    const { keys, conflicts } = mergedDefinition(onNodes);
    return { name, keys, conflicts, text: editedDefinition(first?.text ?? null, keys) };
  });
}

/** Files of services that are gone are somebody's: they are named, not deleted. */
function writeAll(folder: string, files: readonly ExportedFile[], err: (text: string) => void): void {
  mkdirSync(folder, { recursive: true });
  // Variables may hold passwords.
  for (const { name, text } of files) writeFileSync(join(folder, `${name}.yaml`), text, { mode: 0o600 });
  const names = new Set(files.map(({ name }) => `${name}.yaml`));
  const left = readdirSync(folder).filter((name) => /^[^.].*\.yaml$/.test(name));
  for (const name of left) {
    if (!names.has(name)) err(printable(`srrctl: ${join(folder, name)} is of no service of these nodes\n`));
  }
}
