import { Argument, Command, CommanderError, Option } from 'commander';
// Not the folder's index: that loads fastify and zod, which takes longer than all else srrctl does.
import { API_PREFIX } from '../http/api-prefix.js';
import type { SimulationDocument, StatusDocument } from '../http/index.js';
import { askDaemon, RefusedError, UnreachableError } from './client.js';
import { addDoctor, NodeIsBrokenError } from './doctor-command.js';
import type { Output } from './output.js';
import { addPki } from './pki-command.js';
import { printable } from './printable.js';
import { describeSimulation, describeStatus } from './status-table.js';
import { softwareVersion } from './version.js';

/** Exit codes (docs/operations.md). */
export const EXIT = { done: 0, refused: 1, usage: 2, unreachable: 3 } as const;

const DEFAULT_SOCKET = '/run/srrd/srrd.sock';

/** Status is answered from memory. A daemon that takes longer is frozen. */
const STATUS_WITHIN_MS = 10_000;

const SERVICE_COMMANDS: readonly (readonly [name: string, summary: string])[] = [
  ['activate', 'make the service available on a node'],
  ['deactivate', 'stop it there and make it unavailable, also after a restart of srrd'],
  ['start', 'make the node its owner, and end its standby there'],
  ['stop', 'stop it there; that node owns it no more until start or move names it'],
  ['move', 'make another node its owner'],
  ['unpin', 'end the effect of --pin'],
  ['restart', 'run the primitive restart'],
  ['reload', 'run the primitive reload'],
  ['check', 'run the primitive check now'],
  ['status', 'run the primitive status and show what it prints (this node only)'],
  ['clear', 'forget a failure, and let the node try again'],
  ['enable', 'allow activation (this node only; kept in the definition file)'],
  ['disable', 'forbid activation (this node only; kept in the definition file)'],
];

/** Runs `srrctl` with these arguments (without node and script) and returns the exit code. */
export async function srrctl(args: readonly string[], output: Output): Promise<number> {
  const program = buildProgram(output);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    return exitCode(error, output);
  }
}

function buildProgram(output: Output): Command {
  const program = new Command('srrctl')
    .description('Asks the local srrd about services and tells it what to do.')
    .version(softwareVersion())
    .addOption(new Option('--socket <path>', "the daemon's UNIX socket").default(DEFAULT_SOCKET))
    .exitOverride()
    .showHelpAfterError('(srrctl --help shows what is possible)')
    .configureOutput({ writeOut: output.out, writeErr: output.err })
    .addHelpText('after', EXAMPLES);
  const socket = () => program.opts<{ socket: string }>().socket;
  addStatus(program, socket, output);
  addSimulate(program, socket, output);
  addDoctor(program, output);
  addPki(program, output);
  addServiceCommands(program, socket, output);
  addNodeCommands(program, socket, output);
  return program;
}

const EXAMPLES = `
Examples:
  srrctl status                      who owns what
  srrctl service move WEB beta       plan an outage of the present owner
  srrctl service start WEB --pin     keep it here, whatever the preferences say
  srrctl node standby                before maintenance: this node owns nothing
  srrctl simulate lose beta          what would happen without beta; nothing is done
  srrctl doctor                      what is wrong with this node, and what to change
  srrctl pki client jane --role viewer   a certificate for a browser

Exit codes: 0 done, 1 refused (doctor: something is broken), 2 wrong usage, 3 no daemon answers.
`;

function addStatus(program: Command, socket: () => string, output: Output): void {
  program
    .command('status')
    .description('show nodes, services and owners as this node sees them')
    .option('--json', 'for programs')
    .action(async ({ json }: { json?: true }) => {
      const status = await askStatus(socket());
      output.out(json ? `${JSON.stringify(status, null, 2)}\n` : printable(describeStatus(status)));
    });
}

const SIMULATE_HELP = `
A question is one of:
  lose NODE            the node fails, or is cut off
  return NODE          it comes back, well, with everything stopped
  stop NODE SERVICE    the service is put on standby there

It is answered from what this node knows now, by the rules that would decide. Nothing is done.

Example:
  srrctl simulate "lose beta"
`;

function addSimulate(program: Command, socket: () => string, output: Output): void {
  program
    .command('simulate')
    .description('show where every service would be if something happened; nothing is done')
    .argument('<question...>', 'such as "lose beta"')
    .option('--json', 'for programs')
    .addHelpText('after', SIMULATE_HELP)
    .action(async (words: readonly string[], { json }: { json?: true }) => {
      const path = `${API_PREFIX}/simulate?question=${encodeURIComponent(words.join(' '))}`;
      const simulation = (await askForDocument(socket(), path)) as SimulationDocument;
      if (json) return output.out(`${JSON.stringify(simulation, null, 2)}\n`);
      const { nodes } = await askStatus(socket());
      output.out(printable(describeSimulation(simulation.groups, nodes)));
    });
}

async function askStatus(socket: string): Promise<StatusDocument> {
  return (await askForDocument(socket, `${API_PREFIX}/status`)) as StatusDocument;
}

function askForDocument(socket: string, path: string): Promise<unknown> {
  return askDaemon({ socket, method: 'GET', path, timeoutMs: STATUS_WITHIN_MS });
}

function addServiceCommands(program: Command, socket: () => string, output: Output): void {
  const service = program.command('service').description('command a service on this node or another one');
  for (const [name, summary] of SERVICE_COMMANDS) {
    const command = service.command(name).description(summary).argument('<name>', 'the service');
    const node = name === 'move' ? '<node>' : '[node]';
    command.addArgument(new Argument(node, 'router ID or name of the node; without it: this node'));
    if (name === 'move' || name === 'start')
      command.option('--pin', 'hold it there, against preferences, until it fails, stops, or unpin');
    command.action(async (serviceName: string, target: string | undefined, { pin }: { pin?: true }) => {
      const path = `${API_PREFIX}/services/${encodeURIComponent(serviceName)}/${name}`;
      output.out(await tell(socket(), path, { target: target ?? null, ...(pin ? { pin } : {}) }, output));
    });
  }
}

function addNodeCommands(program: Command, socket: () => string, output: Output): void {
  const node = program.command('node').description('command a whole node');
  const summaries = { standby: 'the node gives everything away and owns nothing', unstandby: 'the node may own again' };
  for (const [name, summary] of Object.entries(summaries)) {
    node
      .command(name)
      .description(summary)
      .argument('[node]', 'router ID or name of the node; without it: this node')
      .action(async (target: string | undefined) => {
        output.out(await tell(socket(), `${API_PREFIX}/node/${name}`, { target: target ?? null }, output));
      });
  }
}

async function tell(socket: string, path: string, body: object, output: Output): Promise<string> {
  const waiting = setTimeout(
    () => output.err('still waiting for the answer; to end srrctl here does not undo the command\n'),
    STATUS_WITHIN_MS,
  );
  try {
    const answer = (await askDaemon({ socket, method: 'POST', path, body })) as { text?: string };
    const text = printable(answer.text || 'done');
    return text.endsWith('\n') ? text : `${text}\n`;
  } finally {
    clearTimeout(waiting);
  }
}

function exitCode(error: unknown, output: Output): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  // Everything has been said.
  if (error instanceof NodeIsBrokenError) return EXIT.refused;
  const text = error instanceof Error ? error.message : String(error);
  output.err(`srrctl: ${printable(text)}\n`);
  if (error instanceof UnreachableError) return EXIT.unreachable;
  if (error instanceof RefusedError) return error.usage ? EXIT.usage : EXIT.refused;
  return EXIT.refused;
}
