import { Command, CommanderError } from 'commander';
import { checkConfiguration, runDaemon, type Signals, WrongConfigurationError } from '../daemon/index.js';
import type { Output } from './output.js';
import { softwareVersion } from './version.js';

/** Exit codes (docs/operations.md). */
const EXIT = { done: 0, failed: 1, wrongConfiguration: 2 } as const;

interface Options {
  readonly config: string;
  readonly check?: true;
}

/**
 * Runs `srrd` with these arguments (without node and script) until it ends, and returns the exit code. `signals` are what
 * has listened since the process began.
 */
export async function srrd(args: readonly string[], output: Output, signals?: Signals): Promise<number> {
  let options: Options;
  try {
    options = readArguments(args, output);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongConfiguration;
    throw error;
  }
  try {
    if (options.check) {
      signals?.close();
      return check(options.config, output);
    }
    return await runDaemon({
      configFile: options.config,
      softwareVersion: softwareVersion(),
      ...(signals === undefined ? {} : { signals }),
    });
  } catch (error) {
    output.err(`srrd: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof WrongConfigurationError ? EXIT.wrongConfiguration : EXIT.failed;
  }
}

function readArguments(args: readonly string[], output: Output): Options {
  const program = new Command('srrd')
    .description('Keeps services alive when their machine dies: runs beside FRRouting, one on every node.')
    .version(softwareVersion())
    .requiredOption('--config <file>', 'the configuration (YAML); a file that holds only {} is a working one')
    .option('--check', 'check the configuration and the definitions, say what is wrong, and end')
    .exitOverride()
    .showHelpAfterError('(srrd --help shows an example)')
    .configureOutput({ writeOut: output.out, writeErr: output.err })
    .addHelpText('after', EXAMPLE);
  return program.parse([...args], { from: 'user' }).opts<{ config: string; check?: true }>();
}

const EXAMPLE = `
It stays in the foreground and writes its log as JSON lines on stdout. SIGTERM stops and withdraws everything and ends
it; SIGHUP makes it read the definitions again. srrctl talks to it.

Example:
  echo '{}' > /etc/srrd/srrd.yaml
  srrd --config /etc/srrd/srrd.yaml --check && srrd --config /etc/srrd/srrd.yaml

Exit codes: 0 ended as told, 1 failed, 2 wrong configuration or usage.
`;

function check(configFile: string, output: Output): number {
  const { problems, warnings, summary } = checkConfiguration(configFile);
  for (const problem of problems) output.err(`srrd: ${problem}\n`);
  for (const warning of warnings) output.err(`srrd: warning: ${warning}\n`);
  if (problems.length > 0) return EXIT.wrongConfiguration;
  output.out(`${summary}\n`);
  return EXIT.done;
}
