import { accessSync, closeSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { execa } from 'execa';
import type { Primitive, PrimitiveOutcome } from '../cluster/index.js';
import type { PrimitiveEnvironment } from './environment.js';
import { endOfWatch, judge, type MakeExit, notRun, timedOut } from './outcome.js';
import { Output } from './output.js';
import type { PipeEnds } from './pipes.js';
import { killProcessGroup, processGroupGone } from './process-group.js';

export interface CallOptions {
  readonly makefile: string;
  readonly target: Primitive | 'watch';
  readonly environment: PrimitiveEnvironment;
  /** null: none. */
  readonly timeoutMs: number | null;
  /** Taken over: both ends are closed by the call. */
  readonly pipe: PipeEnds;
  /** Called at once with the process group of a make that runs, and again when it has ended. */
  readonly onRunning: (processGroup: number, running: boolean) => void;
}

export interface Call {
  /** Never rejects. */
  readonly outcome: Promise<PrimitiveOutcome>;
  /** SIGKILL to the process group, and the outcome is `killed`. Without effect once make has ended. */
  kill(): void;
}

/** How long a killed process group is waited for, in ms. */
const GONE_LIMIT_MS = 1_000;

/** The longest delay a timer of Node takes. */
const TIMER_LIMIT_MS = 2 ** 31 - 1;

/**
 * Starts `make -f MAKEFILE --no-print-directory TARGET` in the Makefile's folder, as leader of a process group of its
 * own and without stdin. The call ends when make ends, whatever it left in the background.
 */
export function startCall(options: CallOptions): Call {
  const output = new Output(options.pipe.readFd);
  const subprocess = spawnMake(options);
  closeSync(options.pipe.writeFd);
  const processGroup = subprocess.pid;
  if (processGroup === undefined) {
    return { outcome: subprocess.then((result) => cannotRun(options, output, result)), kill: () => undefined };
  }

  let ended = false;
  let killedFor: 'request' | 'timeout' | null = null;
  const kill = (why: 'request' | 'timeout') => {
    if (ended || killedFor !== null) return;
    killedFor = why;
    killProcessGroup(processGroup);
  };
  const cancelTimeout = onTimeout(options.timeoutMs, () => kill('timeout'));
  const exited = subprocess.then((result): MakeExit => {
    ended = true;
    cancelTimeout();
    return { code: result.exitCode ?? null, signal: result.signal ?? null };
  });
  options.onRunning(processGroup, true);

  const outcome = exited.then(async (exit) => {
    const text = output.finish();
    if (killedFor !== null) await processGroupGone(processGroup, GONE_LIMIT_MS);
    options.onRunning(processGroup, false);
    if (killedFor === 'request') return { result: 'killed' } as const;
    if (options.target === 'watch') {
      return { result: 'failed', reason: endOfWatch(exit, text), output: '' } as const;
    }
    // It may have ended by itself in the moment in which it was killed.
    if (killedFor === 'timeout' && exit.signal === 'SIGKILL') return timedOut(text, options.timeoutMs ?? 0);
    return judge(options.target, exit, text);
  });
  return { outcome, kill: () => kill('request') };
}

function spawnMake(options: CallOptions) {
  // Execa passes any file descriptor on; its types stop at 9.
  const writeFd = options.pipe.writeFd as 9;
  return execa('make', ['-f', options.makefile, '--no-print-directory', options.target], {
    cwd: dirname(options.makefile),
    env: options.environment,
    extendEnv: false,
    stdin: 'ignore',
    stdout: writeFd,
    stderr: writeFd,
    // A new session: its ID is the process group, and no terminal can signal it.
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
  });
}

/**
 * A daemon that was frozen finds timeouts and ends of processes at the same moment. Ends are looked at first: a call
 * that finished in time has not timed out.
 */
function onTimeout(timeoutMs: number | null, action: () => void): () => void {
  if (timeoutMs === null) return () => undefined;
  let cancelled = false;
  const timer = setTimeout(
    () => {
      setImmediate(() => {
        if (!cancelled) action();
      });
    },
    Math.min(timeoutMs, TIMER_LIMIT_MS),
  );
  return () => {
    cancelled = true;
    clearTimeout(timer);
  };
}

function cannotRun(options: CallOptions, output: Output, result: { readonly originalMessage?: string | undefined }) {
  output.close();
  if (!isReadable(options.makefile)) {
    return notRun(`cannot read the Makefile ${options.makefile}: put it there or correct 'makefile'`);
  }
  const message = result.originalMessage ?? 'unknown error';
  if (message.includes('ENOENT')) {
    return notRun(`make was not found in PATH (${options.environment.PATH}): install GNU make`);
  }
  return notRun(`make could not be started: ${message}`);
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
