import { closeSync, fchmodSync } from 'node:fs';
import { execa } from 'execa';
import type { PrimitiveOutcome } from '../cluster/index.js';
import type { Primitive, ServiceDefinition } from '../model/index.js';
import { FOREIGN_FOLDER, makeCommand, NO_FOLDER, NO_USER } from './command-line.js';
import type { PrimitiveEnvironment } from './environment.js';
import { endOfWatch, judge, type MakeExit, notRun, timedOut } from './outcome.js';
import { Output } from './output.js';
import type { PipeEnds } from './pipes.js';
import { killProcessGroup, processGroupGone } from './process-group.js';

export interface CallOptions {
  readonly definition: Pick<ServiceDefinition, 'makefile' | 'user' | 'limits'>;
  readonly target: Primitive | 'watch';
  readonly environment: PrimitiveEnvironment;
  /** Values in it that are not shown where a recipe prints them. */
  readonly secrets: readonly string[];
  /** null: none. */
  readonly timeoutMs: number | null;
  /** Taken over: both ends are closed by the call. */
  readonly pipe: PipeEnds;
  /** Path of the mount namespace in which make runs; null: that of the daemon. */
  readonly mountNamespace: string | null;
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
 * Starts make (command-line.ts) as leader of a process group of its own and without stdin. The call ends when make ends, whatever it left in the background; or soon after it was killed, if
 * the kernel does not let go of it.
 */
export function startCall(options: CallOptions): Call {
  const output = new Output(options.pipe.readFd, options.secrets);
  const subprocess = spawnMake(options);
  closeSync(options.pipe.writeFd);
  const processGroup = subprocess.pid;
  if (processGroup === undefined) {
    return { outcome: subprocess.then((result) => cannotRun(output, result)), kill: () => undefined };
  }

  let ended = false;
  let killedFor: 'request' | 'timeout' | null = null;
  let giveUp: () => void = () => {};
  const givenUp = new Promise<null>((resolve) => {
    giveUp = () => resolve(null);
  });
  const kill = (why: 'request' | 'timeout') => {
    if (ended || killedFor !== null) return;
    killedFor = why;
    killProcessGroup(processGroup);
    setTimeout(giveUp, GONE_LIMIT_MS);
  };
  const cancelTimeout = onTimeout(options.timeoutMs, () => kill('timeout'));
  const exited = subprocess.then((result): MakeExit => {
    ended = true;
    cancelTimeout();
    return { code: result.exitCode ?? null, signal: result.signal ?? null };
  });
  options.onRunning(processGroup, true);
  void exited.then(() => options.onRunning(processGroup, false));

  const outcome = Promise.race([exited, givenUp]).then(async (exit) => {
    const text = output.finish();
    if (exit === null) return neverEnded(text, killedFor, options.timeoutMs ?? 0);
    if (killedFor !== null) await processGroupGone(processGroup, GONE_LIMIT_MS);
    if (killedFor === 'request') return { result: 'killed' } as const;
    const outside = outsideOfMake(exit, text, options);
    if (outside !== null) return outside;
    if (options.target === 'watch') {
      return { result: 'failed', reason: endOfWatch(exit, text), output: '' } as const;
    }
    // It may have ended by itself in the moment in which it was killed.
    if (killedFor === 'timeout' && exit.signal === 'SIGKILL') return timedOut(text, options.timeoutMs ?? 0);
    return judge(options.target, exit, text);
  });
  return { outcome, kill: () => kill('request') };
}

/** What a shell ends with when it does not find a program (POSIX, 2.8.2). */
const NOT_FOUND = 127;

function spawnMake({ definition, target, environment, pipe, mountNamespace }: CallOptions) {
  // Execa passes any file descriptor on; its types stop at 9.
  const writeFd = pipe.writeFd as 9;
  const shell = makeCommand(definition, target);
  // Another user opens /dev/stderr anew; nobody else has a way to it, its name is gone.
  if (definition.user !== undefined) fchmodSync(writeFd, 0o622);
  const [program = '', ...args] = mountNamespace === null ? shell : [...entering(mountNamespace), ...shell];
  return execa(program, args, {
    env: environment,
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

/** nsenter(1) becomes what it starts, so the process stays the same. */
function entering(mountNamespace: string): string[] {
  return ['/usr/bin/nsenter', `--mount=${mountNamespace}`, '--'];
}

/** null: make ran. */
function outsideOfMake(
  exit: MakeExit,
  output: string,
  { definition: { makefile, user }, environment }: CallOptions,
): PrimitiveOutcome | null {
  if (exit.code === NO_USER) {
    return notRun(`there is no user ${user} on this node: make one, or correct 'user'`);
  }
  if (exit.code === FOREIGN_FOLDER) {
    const folder = environment.SRRD_STATE_DIR;
    return notRun(`${folder} belongs to a former 'user': see that nothing of the service runs, then move it away`);
  }
  const [refused] = exit.code === 0 ? [] : (/^(setpriv|prlimit): (?!failed to execute).*/.exec(output) ?? []);
  if (refused !== undefined) {
    return notRun(`${refused.trim()}: srrd cannot run it ${user === undefined ? '' : `as ${user} `}within its limits`);
  }
  if (exit.code === NOT_FOUND) {
    return notRun(`make was not found in PATH (${environment.PATH}): install GNU make`);
  }
  const noMakefile = `make: *** No rule to make target '${makefile}'.`;
  if (exit.code !== NO_FOLDER && !output.includes(noMakefile)) return null;
  return notRun(`cannot read the Makefile ${makefile}: put it there or correct 'makefile'`);
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

function cannotRun(output: Output, result: { readonly originalMessage?: string | undefined }): PrimitiveOutcome {
  output.close();
  return notRun(`make could not be started: ${result.originalMessage ?? 'unknown error'}`);
}

/** Killed, and the kernel waits with it for something. */
function neverEnded(output: string, killedFor: 'request' | 'timeout' | null, timeoutMs: number): PrimitiveOutcome {
  if (killedFor === 'request') return { result: 'killed' };
  const outcome = timedOut(output, timeoutMs);
  if (outcome.result !== 'timed-out') return outcome;
  return { ...outcome, reason: `${outcome.reason}; make does not end when it is killed: does a file system hang?` };
}
