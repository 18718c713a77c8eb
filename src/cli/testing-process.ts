import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const SRRD = fileURLToPath(new URL('../../bin/srrd', import.meta.url));
export const SRRCTL = fileURLToPath(new URL('../../bin/srrctl', import.meta.url));

export const PRIMITIVES = 'activate deactivate start stop reload restart join leave failed status check';

export interface LogLine {
  readonly level: number;
  readonly msg: string;
}

/** Only for tests: a node without FRR, and srrd as a process of its own on it, as built by `make build`. */
export class RealNode {
  readonly folder = mkdtempSync(join(tmpdir(), 'srrd-real-'));
  readonly configFile = join(this.folder, 'srrd.yaml');
  readonly socket = join(this.folder, 'srrd.sock');
  readonly logFile = join(this.folder, 'log');
  stateDir = join(this.folder, 'state');
  #running: ChildProcess | undefined;

  async configure(): Promise<void> {
    const port = await closedPort();
    writeFileSync(
      this.configFile,
      `node: { name: alpha }
ospf: { port: ${port} }
vty: { socketDir: ${this.folder} }
socket: ${this.socket}
stateDir: ${this.stateDir}
servicesDir: ${this.folder}
`,
    );
  }

  /** A service of which every primitive succeeds; `more` are further lines of its definition. */
  define(name: string, address: string, more = ''): void {
    writeFileSync(join(this.folder, 'Makefile'), `${PRIMITIVES}:\n\t@true\n`);
    mkdirSync(join(this.stateDir, 'services'), { recursive: true });
    const text = `name: ${name}\naddresses: [${address}]\nmakefile: Makefile\n${more}`;
    writeFileSync(join(this.stateDir, 'services', `${name}.yaml`), text);
  }

  /** Starts srrd with this as its stdout; a number is an open file, by default `logFile`. Does not wait for it. */
  start(stdout: number | 'pipe' = 'pipe'): ChildProcess {
    const daemon = spawn(SRRD, ['--config', this.configFile], { stdio: ['ignore', stdout, 'inherit'] });
    this.#running = daemon;
    return daemon;
  }

  async end(): Promise<void> {
    const daemon = this.#running;
    if (daemon !== undefined && daemon.exitCode === null && daemon.signalCode === null) {
      const ended = new Promise((resolve) => daemon.once('exit', resolve));
      daemon.kill('SIGKILL');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The lines so far, and those to come. */
export function logOf(daemon: ChildProcess): LogLine[] {
  const lines: LogLine[] = [];
  let rest = '';
  daemon.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) lines.push(JSON.parse(part) as LogLine);
  });
  return lines;
}

/** The exit code, or the signal that ended it. */
export function endOf(daemon: ChildProcess): Promise<number | string | null> {
  return new Promise((resolve) => {
    if (daemon.exitCode !== null || daemon.signalCode !== null) resolve(daemon.exitCode ?? daemon.signalCode);
    else daemon.once('exit', (code, signal) => resolve(code ?? signal));
  });
}

/** Whether the process has a handler for the signal (proc(5), SigCgt). */
export function listensTo(pid: number, signal: number): boolean {
  return isIn('SigCgt', pid, signal);
}

/** Whether the signal was sent and has not reached the process yet. */
export function isPending(pid: number, signal: number): boolean {
  return isIn('ShdPnd', pid, signal);
}

function isIn(field: string, pid: number, signal: number): boolean {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const mask = new RegExp(`^${field}:\\s*([0-9a-f]+)$`, 'm').exec(status)?.[1] ?? '0';
  return ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
