import { Argument, type Command } from 'commander';
import { COMMANDS, type CommandRow } from '../../tables/index.js';
import { type Context, described, type JsonOption, send, sentence, show } from '../context.js';
import { addServiceTry } from './service-try.js';

/** What commands are given to: the argument that names it, and its part of the API's path. */
interface Subject {
  readonly summary: string;
  readonly example: string;
  readonly argument: Argument | null;
  readonly path: (name: string) => string;
}

const SUBJECTS: Readonly<Record<keyof typeof COMMANDS, Subject>> = {
  service: {
    summary: 'command a service on this node or another one',
    example: 'move WEB beta',
    argument: new Argument('<service>', 'its name'),
    path: (name) => `/services/${encodeURIComponent(name)}`,
  },
  group: {
    summary: 'command all services of a group on this node or another one',
    example: 'move SHOP beta',
    argument: new Argument('<group>', 'its name; a service without a group is a group of its own name'),
    path: (name) => `/groups/${encodeURIComponent(name)}`,
  },
  node: { summary: 'command a whole node', example: 'standby beta', argument: null, path: () => '/node' },
};

const NODE_ARGUMENTS: Readonly<Record<CommandRow['node'], Argument>> = {
  any: new Argument('[node]', 'router ID or name of the node; without it: this node'),
  needed: new Argument('<node>', 'router ID or name of the node'),
  holder: new Argument('<node>', 'router ID or name of the node on which it does not run any more'),
};

/** `service …`, `group …` and `node …`: all commands that operators have. */
export function addOperatorCommands(context: Context): void {
  for (const kind of ['service', 'group', 'node'] as const) {
    const subject = SUBJECTS[kind];
    const parent = context.program
      .command(kind)
      .description(subject.summary)
      .addHelpText('after', `\nExample:\n  srrctl ${kind} ${subject.example}\n`);
    const rows: Readonly<Record<string, CommandRow>> = COMMANDS[kind];
    for (const [name, row] of Object.entries(rows)) addOperatorCommand(context, parent, subject, name, row);
    if (kind === 'service') addServiceTry(context, parent);
    if (kind === 'node') addShutdown(context, parent);
  }
}

interface Options extends JsonOption {
  readonly pin?: true;
}

function addOperatorCommand(context: Context, parent: Command, subject: Subject, name: string, row: CommandRow): void {
  const { summary, example, notes } = row.srrctl;
  const added = described(parent.command(name), summary, `srrctl ${parent.name()} ${example}`);
  if (subject.argument !== null) added.addArgument(subject.argument);
  added.addArgument(NODE_ARGUMENTS[row.node]);
  if (row.pin) added.option('--pin', 'hold it there, against preferences, until it fails, stops, or unpin');
  if (notes !== undefined) added.addHelpText('after', `\n${notes}\n`);
  added.action(async (...given: readonly unknown[]) => {
    const { pin, ...options } = added.opts<Options>();
    const [commanded, node] = (subject.argument === null ? ['', ...given] : given) as [string, string | undefined];
    const body = row.node === 'holder' ? { on: node } : { target: node ?? null, ...(pin && { pin }) };
    const answer = await send<{ text: string }>(context, 'POST', `${subject.path(commanded)}/${name}`, body);
    show(context, options, answer, sentence);
  });
}

function addShutdown(context: Context, node: Command): void {
  const summary = 'stop and withdraw everything on this node, and end srrd';
  described(node.command('shutdown'), summary, 'srrctl node shutdown').action(async (options: JsonOption) => {
    show(context, options, await send<{ text: string }>(context, 'POST', '/node/shutdown', {}), sentence);
  });
}
