import { spawn } from 'node:child_process';

/** Longer takes nothing that works, in ms. */
const WITHIN_MS = 30_000;

/** What of its last output is told. */
const MAX_TOLD = 300;

/** Leaders of the process groups of what runs. */
const running = new Set<number>();

export interface Program {
  readonly argv: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly withinMs?: number;
}

/**
 * Becomes the program; what it is given is not read as a script. Whoever starts a process waits until it has become its program, and
 * that lies on a file system that may hang.
 */
const BECOME = 'exec "$@"';

/** What it says, and ends with, where it cannot become the program. */
const NOT_BECOME = /^sh: (?:line )?\d+: exec: .*: /;
const NOT_BECOME_CODES: readonly (number | null)[] = [126, 127];

/**
 * Runs a program and waits for its end. It and what it has started are killed when it takes too long. Rejects with a sentence unless
 * it ends with 0.
 */
export function runProgram({
  argv: [file, ...args],
  environment = {},
  input = '',
  withinMs = WITHIN_MS,
}: Program): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', ...environment };
    const child = spawn('/bin/sh', ['-c', BECOME, 'sh', file, ...args], {
      ...{ env, cwd: '/', detached: true },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    let said = '';
    const hear = (part: Buffer) => {
      said = (said + part).slice(-MAX_TOLD);
    };
    const limit = setTimeout(() => {
      if (pid !== undefined) kill(pid);
      // The kernel may not let go of it.
      reject(new Error(`${file} had not ended after ${withinMs / 1000} s`));
    }, withinMs);
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', (error) => {
      clearTimeout(limit);
      reject(new Error(`${file} cannot be run: ${error.message}`));
    });
    // Not `close`: what it leaves behind may keep the pipes.
    child.once('exit', (code, signal) => {
      clearTimeout(limit);
      if (pid !== undefined) running.delete(pid);
      if (code === 0) return resolve();
      const told = said.trim();
      if (NOT_BECOME_CODES.includes(code) && NOT_BECOME.test(told))
        return reject(new Error(`${file} cannot be run: ${told.replace(NOT_BECOME, '')}`));
      reject(new Error(`${file} ended with ${code ?? signal}${told === '' ? '' : `: ${told}`}`));
    });
    // A program that reads nothing closes its end.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** Kills all that run, and what they have started. For the end: nobody will be there whose limit ends them. */
export function killPrograms(): void {
  for (const pid of running) kill(pid);
}

function kill(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
