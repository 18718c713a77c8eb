import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Api, type ApiPorts, listenOnSocket, type StatusDocument } from '../http/index.js';
import { STOPPED_REPLICA, socketServer, TEST_STATUS, TestLive, testControl, testPorts } from '../http/testing.js';
import type { TerminalSize } from './output.js';
import { srrctl } from './srrctl.js';

const NODE = { reachable: true, web: null, webDoubt: null, standby: false };

/** A cluster of alpha and beta with the service WEB, which is stopped on alpha. */
export const TWO_NODES: StatusDocument = {
  ...TEST_STATUS,
  nodes: [
    { routerId: '10.0.0.1', name: 'alpha', ...NODE },
    { routerId: '10.0.0.2', name: 'beta', ...NODE },
  ],
  services: [
    {
      ...{ name: 'WEB', kind: 'service', group: 'WEB', addresses: [], owner: null, elected: null, waitsForHolders: [] },
      replicas: [STOPPED_REPLICA],
    },
  ],
};

/** srrctl at work; `out` and `err` grow as it speaks. */
export interface Running {
  readonly out: string;
  readonly err: string;
  readonly code: Promise<number>;
  /** As Ctrl-C does. */
  stop(): void;
}

/** Starts srrctl with these arguments, its output a terminal of this size or a pipe. */
export function begin(args: readonly string[], terminal: TerminalSize | null = null): Running {
  const ended = new AbortController();
  const text = { out: '', err: '' };
  const output = {
    out: (part: string) => {
      text.out += part;
    },
    err: (part: string) => {
      text.err += part;
    },
    terminal: () => terminal,
    signal: ended.signal,
  };
  return Object.assign(text, { code: srrctl(args, output), stop: () => ended.abort() });
}

/** Runs srrctl with these arguments to its end. */
export async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const running = begin(args);
  const code = await running.code;
  return { code, out: running.out, err: running.err };
}

/** What answers on a socket as a daemon does, with ports that a test may exchange. */
export class TestDaemon {
  readonly folder = mkdtempSync(join(tmpdir(), 'srrctl-'));
  readonly socket = join(this.folder, 'srrd.sock');
  /** What it knows; after a change `live.changed` is to be called. */
  status: StatusDocument = TEST_STATUS;
  live = new TestLive(() => this.status);
  #server: Api | undefined;

  /** Starts anew, as after a restart, with these ports in the place of those that do nothing. */
  async serve(change: Partial<ApiPorts> = {}): Promise<void> {
    await this.stop();
    this.live = new TestLive(() => this.status);
    const control = testControl(() => this.status);
    this.#server = socketServer(testPorts({ control, live: this.live.live, ...change }));
    await listenOnSocket(this.#server, this.socket);
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }

  /** Stops and leaves nothing behind. */
  async end(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }

  begin(args: readonly string[], terminal: TerminalSize | null = null): Running {
    return begin(['--socket', this.socket, ...args], terminal);
  }

  run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    return run('--socket', this.socket, ...args);
  }
}
