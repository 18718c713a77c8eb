import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { DefinitionEntry, DefinitionProblem, Verdict } from '../../http/index.js';
import { API_PREFIX } from '../../tables/index.js';
import type { ApplyOptions } from '../apply/apply.js';
import type { ExportOptions } from '../apply/export-cluster.js';
import { askForText, RefusedError } from '../client.js';
import { type Context, described, get, type JsonOption, send, sentence, show } from '../context.js';
import { EXIT, ExitError } from '../exit.js';
import { printable } from '../printable.js';
import { table } from '../table.js';

export function addDefinitionCommands(context: Context): void {
  const definition = context.program
    .command('definition')
    .description("look at and change the definitions of this node's services")
    .addHelpText('after', '\nExample:\n  srrctl definition set WEB.yaml\n');
  addList(context, definition);
  addShow(context, definition);
  addSet(context, definition);
  addDelete(context, definition);
  addValidate(context, definition);
  addExport(context, definition);
  addImport(context, definition);
  addApply(context, definition);
}

const FILE = 'YAML; - is standard input';

function addList(context: Context, definition: Command): void {
  described(definition.command('list'), 'list them, and what is wrong with them', 'srrctl definition list').action(
    async (options: JsonOption) =>
      show(context, options, await get<readonly DefinitionEntry[]>(context, '/definitions'), (entries) => {
        if (entries.length === 0) return 'No service is defined on this node.';
        const rows = entries.map(({ name, inForce, editable, file }) => [
          name,
          inForce ? 'yes' : 'no',
          editable ? 'yes' : 'no',
          file,
        ]);
        const problems = entries.flatMap((entry) => entry.problems.map((problem) => `  ${entry.name}: ${problem}`));
        const list = table([['SERVICE', 'IN FORCE', 'EDITABLE', 'FILE'], ...rows]);
        return problems.length === 0 ? list : `${list}\n\nPROBLEMS\n${problems.join('\n')}`;
      }),
  );
}

function addShow(context: Context, definition: Command): void {
  described(definition.command('show'), 'show one, as its file has it', 'srrctl definition show WEB')
    .argument('<service>', 'its name')
    .action(async (name: string, options: JsonOption) => {
      const entry = await get<DefinitionEntry>(context, `/definitions/${encodeURIComponent(name)}`);
      if (options.json) return show(context, options, entry, () => '');
      const { default: yaml } = await import('yaml');
      const { output } = context;
      output.out(printable(yaml.stringify(entry.definition, { lineWidth: 0 })));
      for (const problem of entry.problems) output.err(printable(`srrctl: ${problem}\n`));
      if (!entry.inForce) output.err(`srrctl: this is not in force at present\n`);
      if (entry.whyNot !== null) output.err(printable(`srrctl: not editable: ${entry.whyNot}\n`));
    });
}

function addSet(context: Context, definition: Command): void {
  const summary = 'add or change one; the file is taken with its comments';
  described(definition.command('set'), summary, 'srrctl definition set WEB.yaml')
    .argument('<file>', FILE)
    .action(async (file: string, options: JsonOption) => {
      const yaml = read(file);
      const name = await nameIn(file, yaml);
      const path = `/definitions/${encodeURIComponent(name)}`;
      show(context, options, await send<{ text: string }>(context, 'PUT', path, { yaml }), sentence);
    });
}

function addDelete(context: Context, definition: Command): void {
  described(definition.command('delete'), 'delete one that is not active', 'srrctl definition delete WEB')
    .argument('<service>', 'its name')
    .action(async (name: string, options: JsonOption) => {
      const path = `/definitions/${encodeURIComponent(name)}`;
      show(context, options, await send<{ text: string }>(context, 'DELETE', path), sentence);
    });
}

function addValidate(context: Context, definition: Command): void {
  const summary = 'say whether the daemon would take a definition; nothing is changed';
  described(definition.command('validate'), summary, 'srrctl definition validate WEB.yaml')
    .argument('<file>', FILE)
    .action(async (file: string, options: JsonOption) => {
      const verdict = await send<Verdict>(context, 'POST', '/definitions/validate', { yaml: read(file) });
      const { problems, warnings } = verdict;
      show(context, options, verdict, () => {
        const lines = [...problems.map(lineOf), ...warnings.map((warning) => `warning: ${lineOf(warning)}`)];
        return lines.length === 0 ? 'The daemon would take it.' : lines.join('\n');
      });
      if (problems.length > 0) throw new ExitError(EXIT.refused);
    });
}

function addExport(context: Context, definition: Command): void {
  described(
    definition.command('export'),
    'print all, one YAML document each; or write those of the whole cluster into a folder, as apply takes them',
    'srrctl definition export > all.yaml',
    'srrctl definition export --output cluster/',
  )
    .option('--output <folder>', 'one file for each service, with what nodes have of their own; of all nodes')
    .option('--nodes <nodes>', 'all, or names with commas between (default: this node alone; with --output: all)')
    .action(async (options: ExportOptions) => {
      if (options.output === undefined && options.nodes === undefined) return exportThisNode(context, options);
      // Not at the start of the file: it loads what all other commands do without.
      const { exportCluster } = await import('../apply/export-cluster.js');
      await exportCluster(context, options);
    });
}

async function exportThisNode(context: Context, options: JsonOption): Promise<void> {
  const path = `${API_PREFIX}/definitions/export`;
  const text = await askForText({ address: await context.daemon(), method: 'GET', path });
  if (!options.json) return context.output.out(text);
  const { default: yaml } = await import('yaml');
  const documents = yaml.parseAllDocuments(text);
  const values = 'empty' in documents ? [] : documents.map((document) => document.toJS() as unknown);
  show(context, options, values, () => '');
}

const APPLY_HELP = `
First every node is asked what it has and whether it would take the change. What differs is shown. If one of them refuses,
or does not answer, nothing is changed anywhere. To apply what is there already does nothing.

A file is a definition; its key nodes says what is another on some: nodes: { beta: { preference: 50 }, gamma: false }
(docs/operations.md). preference, interface, link and enabled stay as a node has them, unless the file says them.

Exit codes: 0 done, or nothing differs; 1 a node would not take it, cannot be asked, or failed; 2 a file is wrong.
`;

function addApply(context: Context, definition: Command): void {
  described(
    definition.command('apply'),
    'bring the definitions of nodes to what files say: on all of them or, if one would not take it, on none',
    'srrctl definition apply WEB.yaml --nodes all --dry-run',
    'srrctl definition apply cluster/ --nodes all --prune',
  )
    .argument('<file...>', 'YAML of one or more definitions, or a folder of such; - is standard input')
    .option('--nodes <nodes>', 'all, or names with commas between (default: this node alone)')
    .option('--prune', 'delete what is in none of the files')
    .option('--dry-run', 'show what differs and ask the nodes; change nothing')
    .addHelpText('after', APPLY_HELP)
    .action(async (files: readonly string[], options: ApplyOptions) => {
      // Not at the start of the file: it loads what all other commands do without.
      const { apply } = await import('../apply/apply.js');
      await apply(context, files, options);
    });
}

function addImport(context: Context, definition: Command): void {
  const summary = 'add or change all that are in a file, or, if one is not taken, none';
  described(definition.command('import'), summary, 'srrctl definition import all.yaml')
    .argument('<file>', FILE)
    .action(async (file: string, options: JsonOption) => {
      const answer = await send<{ text: string }>(context, 'POST', '/definitions/import', { yaml: read(file) });
      show(context, options, answer, sentence);
    });
}

function read(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new RefusedError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'wrong-definition',
    );
  }
}

async function nameIn(file: string, text: string): Promise<string> {
  const { default: yaml } = await import('yaml');
  const document = yaml.parseDocument(text);
  const name = document.errors.length === 0 ? document.get('name') : undefined;
  if (typeof name === 'string' && name !== '') return name;
  throw new RefusedError(
    `${file}: expected YAML with the key name; export and import take several definitions`,
    'wrong-definition',
  );
}

function lineOf({ file, key, message }: DefinitionProblem): string {
  return [file ?? '', key, message].filter((part) => part !== '').join(': ');
}
