import { Command, CommanderError } from 'commander';
import type { ErrorCode } from '../tables/index.js';
import { chosenDaemon, type DaemonOptions, isRemote } from './chosen-daemon.js';
import { RefusedError } from './client.js';
import { addCompletion } from './commands/completion.js';
import { addDefinitionCommands } from './commands/definition.js';
import { addEvents } from './commands/events.js';
import { addLsdb } from './commands/lsdb.js';
import { addOperatorCommands } from './commands/operator-commands.js';
import { addRouter } from './commands/router.js';
import { addSession } from './commands/session.js';
import { addSimulate } from './commands/simulate.js';
import { addStatus } from './commands/status.js';
import { addWatch } from './commands/watch.js';
import { UnreachableError } from './connection.js';
import { acceptBehind, daemonOptions, isLocal, optionsBehind, pathOf } from './daemon-options.js';
import { addDoctor, NodeIsBrokenError } from './doctor-command.js';
import { EXIT, ExitError, UsageError } from './exit.js';
import type { Output } from './output.js';
import { addPki } from './pki-command.js';
import { printable } from './printable.js';
import { StillSoError } from './put-right.js';
import { addSetup } from './setup-command.js';
import { addTrust } from './trust-command.js';
import { softwareVersion } from './version.js';

export { EXIT } from './exit.js';

/** Runs `srrctl` with these arguments (without node and script) and returns the exit code. */
export async function srrctl(args: readonly string[], output: Output): Promise<number> {
  try {
    await buildProgram(output).parseAsync([...args], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    return exitCode(error, output);
  }
}

/** All commands; nothing is run. */
export function buildProgram(output: Output): Command {
  const program = new Command('srrctl')
    .description('Asks srrd about services and tells it what to do: that of this machine, or of another node.')
    .version(softwareVersion())
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('(srrctl --help shows what is possible)')
    .configureOutput({ writeOut: output.out, writeErr: output.err })
    .addHelpText('after', EXAMPLES);
  for (const option of daemonOptions()) program.addOption(option);
  const options = () => ({ ...program.opts<DaemonOptions>(), ...behind });
  const context = { program, output, options, daemon: () => chosenDaemon(options()) };
  let behind: DaemonOptions = {};
  program.hook('preAction', (_program, command) => {
    behind = optionsBehind(command);
    if (isRemote(options()) && isLocal(command)) {
      throw new UsageError(`${pathOf(command)} is about files of this machine: expected neither --node nor --url`);
    }
  });
  addStatus(context);
  addWatch(context);
  addEvents(context);
  addSimulate(context);
  addOperatorCommands(context);
  addDefinitionCommands(context);
  addLsdb(context);
  addRouter(context);
  addDoctor(context);
  addSetup(context);
  addPki(program, output);
  addTrust(context);
  addSession(context);
  addCompletion(context);
  acceptBehind(program);
  return program;
}

const EXAMPLES = `
Examples:
  srrctl status                      who owns what
  srrctl watch                       the same, live
  srrctl events -f                   what happened, and what happens
  srrctl service move WEB beta       plan an outage of the present owner
  srrctl service start WEB --pin     keep it here, whatever the preferences say
  srrctl node standby                before maintenance: this node owns nothing
  srrctl simulate lose beta          what would happen without beta; nothing is done
  srrctl definition set WEB.yaml     add a service to this node, or change it
  srrctl --node beta status          the same, as beta sees it (docs/srrctl.md: the client file)
  srrctl doctor                      what is wrong with this node, and what to change
  srrctl setup                       what it would change to make this machine a node; --apply does it
  srrctl pki client jane --role viewer   a certificate for a browser

Every command has examples of its own: srrctl COMMAND --help.

Exit codes: 0 done, 1 refused (doctor: something is broken), 2 wrong usage, 3 no daemon answers.
`;

/** What was asked for was wrong, and will be wrong again. */
const WRONG_USAGE: ReadonlySet<ErrorCode | undefined> = new Set<ErrorCode>(['not-understood', 'wrong-definition']);

function exitCode(error: unknown, output: Output): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof ExitError) return error.code;
  // Everything has been said.
  if (error instanceof NodeIsBrokenError || error instanceof StillSoError) return EXIT.refused;
  const text = error instanceof Error ? error.message : String(error);
  output.err(`srrctl: ${printable(text)}\n`);
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof UnreachableError) return EXIT.unreachable;
  if (error instanceof RefusedError) return WRONG_USAGE.has(error.code) ? EXIT.usage : EXIT.refused;
  return EXIT.refused;
}
