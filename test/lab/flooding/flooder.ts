import { rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Subject, TransportEvent } from '../../../src/cluster/index.js';
import type { Announcement } from '../../../src/model/index.js';
import { CHECKOUT } from '../checkout.js';
import { type Host, type ManagedProcess, until } from '../index.js';

export interface FlooderOptions {
  /** Where unknown series begin; default anywhere. */
  readonly firstGeneration?: number;
  /** Begin without the generations of the last life. */
  readonly forgetful?: boolean;
}

/** An event as it was told, in ns of process.hrtime.bigint(). */
export interface TimedEvent {
  readonly at: bigint;
  readonly event: TransportEvent;
}

/** The OSPF transport, alone in a process in a host of the lab. */
export class Flooder {
  readonly events: TimedEvent[] = [];
  readonly process: ManagedProcess;
  readonly #connection: Socket;

  private constructor(process: ManagedProcess, connection: Socket) {
    this.process = process;
    this.#connection = connection;
    createInterface({ input: connection }).on('line', (line) => {
      const { at, event } = JSON.parse(line);
      this.events.push({ at: BigInt(at), event });
    });
    connection.on('error', () => {});
  }

  /** Resolves when the transport's session has begun. */
  static async start(host: Host, options: FlooderOptions = {}): Promise<Flooder> {
    const flooder = await Flooder.spawn(host, options);
    await flooder.heard(({ type }) => type === 'synced');
    return flooder;
  }

  /** Resolves when the transport takes announcements, with or without a session. */
  static async spawn(host: Host, options: FlooderOptions = {}): Promise<Flooder> {
    const socket = join(host.directory, 'flooder.sock');
    const generations = join(host.directory, 'generations.json');
    rmSync(socket, { force: true });
    if (options.forgetful) rmSync(generations, { force: true });
    const script = join(CHECKOUT, 'test', 'lab', 'flooding', 'flooder.mjs');
    const argv = [process.execPath, script, socket, generations, String(options.firstGeneration ?? 'any')];
    const started = host.spawn('flooder', argv);
    return new Flooder(started, await until(() => connect(socket), { what: `${host.name} floods` }));
  }

  /** Resolves with the time just before. */
  announce(announcement: Announcement, urgency: 'change' | 'refresh' = 'change', link: string | null = null): bigint {
    return this.#tell({ do: 'announce', announcement, urgency, link });
  }

  withdraw(subject: Subject): bigint {
    return this.#tell({ do: 'withdraw', subject });
  }

  /** Resolves when the process has ended. */
  async stop(): Promise<void> {
    this.#tell({ do: 'stop' });
    await this.process.ended;
  }

  /** Waits for an event; only those from index `from` on count. */
  heard(wanted: (event: TransportEvent) => boolean, from = 0, timeoutMs = 30_000): Promise<TimedEvent> {
    const find = () => this.events.slice(from).find(({ event }) => wanted(event));
    return until(find, { what: 'an event is heard', intervalMs: 5, timeoutMs });
  }

  #tell(command: object): bigint {
    const at = process.hrtime.bigint();
    this.#connection.write(`${JSON.stringify(command)}\n`);
    return at;
  }
}

function connect(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const connection = createConnection(path);
    connection.once('connect', () => resolve(connection));
    connection.once('error', reject);
  });
}
