import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface ManagedProcessOptions {
  /** The namespace to run in. */
  readonly namespace: string;
  /** Standard output and error are appended to this file. */
  readonly logFile: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A long-lived program in a namespace, whose process ID is the program's own. */
export interface ManagedProcess {
  readonly pid: number;
  readonly running: boolean;
  /** Sends the signal; resolves when the process has ended. Throws if it is not running. */
  kill(signal?: NodeJS.Signals): Promise<ProcessEnd>;
  /** SIGTERM, and after `timeoutMs` (default 60,000) an error: nothing is killed behind the test's back. */
  stop(timeoutMs?: number): Promise<ProcessEnd>;
  /** SIGSTOP: it holds its sockets and does nothing. */
  freeze(): void;
  thaw(): void;
  signal(signal: NodeJS.Signals): void;
  readonly ended: Promise<ProcessEnd>;
  /** The last 4,000 characters of what it, or an earlier process with the same log file, has written. */
  output(): string;
}

export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Starts the program. `ip netns exec` becomes it (exec), so there is no process in between that could survive it. */
export function startProcess(argv: readonly string[], options: ManagedProcessOptions): ManagedProcess {
  const log = openSync(options.logFile, 'a');
  const child = spawn('ip', ['netns', 'exec', options.namespace, ...argv], {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...options.environment },
    // A process group of its own: Ctrl-C on the terminal is the lab's business, it ends everything in order.
    detached: true,
  });
  closeSync(log);
  return manage(child, argv.join(' '), options.logFile);
}

function manage(child: ChildProcess, command: string, logFile: string): ManagedProcess {
  let end: ProcessEnd | undefined;
  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.once('exit', (exitCode, signal) => {
      end = { exitCode, signal };
      resolve(end);
    });
  });
  ended.catch(() => {});
  const send = (signal: NodeJS.Signals): void => {
    if (end !== undefined || !child.kill(signal)) {
      throw new Error(`cannot send ${signal} to ${command}: it is not running; its output is in ${logFile}`);
    }
  };
  return {
    get pid() {
      return child.pid ?? -1;
    },
    get running() {
      return end === undefined && child.pid !== undefined;
    },
    ended,
    output: () => readFileSync(logFile, 'utf8').slice(-4_000),
    signal: send,
    freeze: () => send('SIGSTOP'),
    thaw: () => send('SIGCONT'),
    kill: async (signal = 'SIGKILL') => {
      send(signal);
      return ended;
    },
    stop: async (timeoutMs = 60_000) => {
      send('SIGTERM');
      return withTimeout(ended, timeoutMs, `${command} did not end within ${timeoutMs} ms of SIGTERM; see ${logFile}`);
    },
  };
}

async function withTimeout<T>(promise: Promise<T>, timeoutMs: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
