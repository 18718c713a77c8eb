import { execa } from 'execa';

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  /** Default 60,000. */
  readonly timeoutMs?: number;
}

/** Runs a program to its end. Throws if it cannot be started, fails, or takes too long; the message holds its output. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const result = await tryRun(argv, options);
  if (result.exitCode !== 0) {
    throw new Error(`${argv.join(' ')}: exit status ${result.exitCode}\n${result.stderr}${result.stdout}`);
  }
  return result;
}

/** Like run, but a failing program is a result too. */
export async function tryRun(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [file, ...rest] = argv;
  if (file === undefined) throw new RangeError('a command needs at least the name of a program');
  const result = await execa(file, rest, {
    reject: false,
    timeout: options.timeoutMs ?? 60_000,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
  });
  if (result.exitCode === undefined) throw new Error(`${argv.join(' ')}: ${result.shortMessage}`);
  return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr };
}

/** Runs several `ip` (or `bridge`) commands in one process, one a line: all of them take effect within a millisecond or two. */
export async function batch(namespace: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await run(['ip', '-n', namespace, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}
