import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CHECKOUT } from './checkout.js';
import { VTY_PASSWORD } from './frr-config.js';
import type { Host } from './host.js';
import { until } from './until.js';

export interface AgentEvent {
  readonly type: string;
  readonly text?: string;
  readonly service?: string;
  readonly reason?: string;
  readonly lateMs?: number;
}

export interface AgentAnswer {
  readonly value?: unknown;
  readonly error?: string;
  /** How long the call took inside the process. */
  readonly ms: number;
}

export interface AgentOptions {
  /** How it talks to FRR. Default `unix`. */
  readonly vty?: 'unix' | 'tcp';
  /** Default 3,000. */
  readonly leaseMs?: number;
  /** Its folder of records. Default: one that all agents of the host share. */
  readonly records?: string;
}

/** The product's AliasManager in a process of its own on one host, so that it can be frozen and killed. */
export class RoutingAgent {
  readonly events: AgentEvent[] = [];
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (answer: AgentAnswer) => void>();
  private calls = 0;

  constructor(host: Host, options: AgentOptions = {}) {
    const tcp = (port: number) => ({ kind: 'tcp', host: '127.0.0.1', port, password: VTY_PASSWORD });
    const unix = (daemon: string) => ({ kind: 'unix', path: join(host.frr.socketDirectory, `${daemon}.vty`) });
    const vty =
      options.vty === 'tcp'
        ? { ospfd: tcp(2604), zebra: tcp(2601), mgmtd: unix('mgmtd') }
        : { ospfd: unix('ospfd'), zebra: unix('zebra'), mgmtd: unix('mgmtd') };
    const script = join(CHECKOUT, 'test', 'lab', 'routing-agent.mjs');
    const argv = [
      process.execPath,
      script,
      JSON.stringify(vty),
      String(options.leaseMs ?? 3_000),
      options.records ?? join(host.directory, 'aliases'),
    ];
    this.child = spawn('ip', ['netns', 'exec', host.namespace, ...argv], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.child.stdout as NodeJS.ReadableStream }).on('line', (line) => this.read(line));
    this.child.once('exit', () => {
      for (const answer of this.waiting.values()) answer({ error: 'the agent ended', ms: 0 });
    });
  }

  async call(call: string, ...args: unknown[]): Promise<AgentAnswer> {
    this.calls += 1;
    const id = this.calls;
    const answered = new Promise<AgentAnswer>((resolve) => this.waiting.set(id, resolve));
    this.child.stdin?.write(`${JSON.stringify({ id, call, args })}\n`);
    return answered;
  }

  /** Throws if the call does. */
  async mustUp(service: string, addresses: readonly string[], more: Record<string, unknown> = {}): Promise<number> {
    const answer = await this.call('up', service, { addresses, interface: 'lo', area: null, ...more });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.ms;
  }

  event(type: string): Promise<AgentEvent> {
    return until(() => this.events.find((event) => event.type === type), {
      what: `the agent tells ${type}`,
      intervalMs: 5,
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async end(signal?: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    if (signal === undefined) this.child.stdin?.end();
    else this.child.kill(signal);
    await ended;
  }

  private read(line: string): void {
    const message = JSON.parse(line);
    if (message.event !== undefined) this.events.push(message.event);
    else {
      this.waiting.get(message.id)?.(message);
      this.waiting.delete(message.id);
    }
  }
}
