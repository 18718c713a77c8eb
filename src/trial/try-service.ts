import { existsSync, rmSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { TrialReport, TrialResult } from './report.js';
import { TRIALS } from './trials.js';

export interface TrialOptions {
  /** Holds the Makefile. */
  readonly folder: string;
  /** What a definition file says (docs/configuration.md); `makefile` is left out. */
  readonly definition: Readonly<Record<string, unknown>>;
  /** Of the moments at which `start` is killed. */
  readonly seed: number;
  /** Names of trials; those that everything else builds on are tried in any case. null: all. */
  readonly only: readonly string[] | null;
  readonly onResult: (result: TrialResult) => void;
  /** Ends it; everything that was started is killed. */
  readonly signal: AbortSignal;
}

/** What the process inside says, a line of JSON each. */
export type Said =
  | { readonly type: 'result'; readonly result: TrialResult }
  | { readonly type: 'end'; readonly report: TrialReport }
  /** The definition or the Makefile is wrong. */
  | { readonly type: 'refused'; readonly problems: readonly string[] };

/** What it is given. */
export interface Task {
  readonly stateDir: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly only: readonly string[] | null;
}

/**
 * Puts the service through all trials, in namespaces of its own: a network with nothing but the service's addresses, and
 * processes that all end with it. Throws an Error with a sentence if that cannot be begun or does not come to its end.
 */
export async function tryService({
  folder,
  definition,
  seed,
  only,
  onResult,
  signal,
}: TrialOptions): Promise<TrialReport> {
  const makefile = resolve(folder, 'Makefile');
  if (!existsSync(makefile)) throw new Error(`expected a Makefile in ${folder}, found none`);
  const unknown = only?.find((name) => !TRIALS.some((trial) => trial.name === name));
  if (unknown !== undefined) {
    const known = TRIALS.map(({ name }) => name).join(', ');
    throw new Error(`expected names of trials, got "${unknown}"; there are ${known}`);
  }
  if (process.getuid?.() !== 0) throw new Error('needs root: it makes namespaces, as srrd puts addresses up');
  const stateDir = await mkdtemp(join(tmpdir(), 'srrd-try-'));
  // As that of the daemon: a server that gives root up must reach its own files below it.
  await chmod(stateDir, 0o755);
  const remove = () => rmSync(stateDir, { recursive: true, force: true });
  // Also when nobody reads the output any more, which ends the process.
  process.once('exit', remove);
  try {
    return await inside({ stateDir, definition: { ...definition, makefile }, seed, only }, onResult, signal);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

const MAIN = fileURLToPath(new URL('./trial-main.js', import.meta.url));

const UNSHARE = ['--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'];

/** As process 1 of its namespace a shell buries what others leave behind, like any init; `exit` keeps it from becoming node. */
const INIT = '"$@"; exit $?';

async function inside(task: Task, onResult: (result: TrialResult) => void, signal: AbortSignal): Promise<TrialReport> {
  const command = [...UNSHARE, '/bin/sh', '-c', INIT, 'sh', process.execPath, MAIN, JSON.stringify(task)];
  const child = execa('unshare', command, {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: { stdout: false, stderr: true },
    reject: false,
    // unshare itself waits for its child whatever the signal.
    forceKillAfterDelay: false,
    killSignal: 'SIGKILL',
    cancelSignal: signal,
  });
  let report: TrialReport | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as Said;
    if (said.type === 'refused') throw new Error(said.problems.join('\n'));
    if (said.type === 'result') onResult(said.result);
    else report = said.report;
  }
  const { exitCode, stderr, shortMessage } = await child;
  if (report !== null && exitCode === 0) return report;
  if (signal.aborted) throw new Error('ended before the last trial; nothing of it is left');
  throw new Error(
    `the trials did not come to their end: ${stderr.trim() || shortMessage || `exit status ${exitCode}`}`,
  );
}
