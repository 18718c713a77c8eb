import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { editedDefinition } from '../../config/index.js';
import { writeAtomically } from '../../files/index.js';
import type { Context } from '../context.js';
import { EXIT, ExitError } from '../exit.js';
import { printable } from '../printable.js';
import type { AppliedDefinition } from './applied-file.js';
import { mergedDefinition } from './merge.js';
import { type AskedNode, askedNodes, problemOf } from './nodes.js';
import { exportedDefinitions, listedDefinitions } from './on-node.js';

/** One file of a cluster's definitions. */
interface ExportedFile {
  readonly name: string;
  readonly text: string;
  readonly keys: Readonly<Record<string, unknown>>;
  readonly conflicts: readonly string[];
}

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
  try {
    const definitions = await exportedDefinitions(node.daemon, await listedDefinitions(node.daemon));
    return { node, definitions, problem: null };
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
  for (const { name } of files) {
    if (!name.startsWith('.')) continue;
    err(printable(`srrctl: ${name}: expected a name that does not begin with a dot: apply does not read such files\n`));
    throw new ExitError(EXIT.refused);
  }
  mkdirSync(folder, { recursive: true });
  // Only the user may read them, since variables may hold passwords; a link in the folder is replaced, not followed.
  for (const { name, text } of files) writeAtomically(join(folder, `${name}.yaml`), text);
  const names = new Set(files.map(({ name }) => `${name}.yaml`));
  const left = readdirSync(folder).filter((name) => /^[^.].*\.yaml$/.test(name));
  for (const name of left) {
    if (!names.has(name)) err(printable(`srrctl: ${join(folder, name)} is of no service of these nodes\n`));
  }
}
