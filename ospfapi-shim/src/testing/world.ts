import { OspfApiClient } from '../client.js';
import { type Ipv4, ipv4, parseIpv4 } from '../ipv4.js';
import type { OspfApiOptions } from '../options.js';
import type { ApiNotification } from '../wire/message.js';
import { FakeOspfd } from './fake-ospfd.js';
import { Recorder } from './recorder.js';

/** The dotted quad as a number. */
export function address(text: string): Ipv4 {
  const value = parseIpv4(text);
  if (value === undefined) throw new Error(`${text} is no address`);
  return value;
}

export const ALPHA = address('10.0.0.1');
export const GAMMA = address('10.0.0.3');
/** Our address on the link to the neighbours. */
export const LINK = address('10.9.1.2');

/** A neighbour whose address is its router ID. */
export function neighbour(routerId: Ipv4, state: 'full' | 'down' | 'two-way'): ApiNotification {
  return { kind: 'nsm-change', interfaceAddress: LINK, neighbourAddress: routerId, routerId, state };
}

/** A model of ospfd, a client of it, and what that client told. */
export class World {
  readonly ospfd: FakeOspfd;
  readonly seen = new Recorder();
  #client: OspfApiClient | undefined;

  private constructor(ospfd: FakeOspfd) {
    this.ospfd = ospfd;
  }

  static async make(): Promise<World> {
    return new World(await FakeOspfd.listen());
  }

  get client(): OspfApiClient {
    if (this.#client === undefined) throw new Error('call start first');
    return this.#client;
  }

  start(options: Partial<OspfApiOptions> = {}): void {
    this.#client = new OspfApiClient({
      host: '127.0.0.1',
      port: this.ospfd.port,
      opaque: [{ lsaType: 11, opaqueType: 222 }],
      hasInstance: async () => true,
      ...options,
    });
    this.#client.start(this.seen.listener);
  }

  async startSynced(options: Partial<OspfApiOptions> = {}): Promise<void> {
    this.start(options);
    await this.seen.next('synced');
  }

  /** Everything that was notified before this has arrived. */
  async arrived(): Promise<void> {
    const marker = address('99.99.99.99');
    this.ospfd.client.notify({ kind: 'reachable-change', added: [marker], removed: [] });
    this.ospfd.client.notify({ kind: 'reachable-change', added: [], removed: [marker] });
    while (!(await this.seen.next('reachability')).removed.includes(marker));
  }

  /** And all deletes have been decided on: a request comes after the question about them, its answer after that one's. */
  async settle(): Promise<void> {
    for (let round = 0; round < 2; round++) {
      await this.arrived();
      await this.client.delete({ lsaType: 11, linkStateId: ipv4(0) });
      await this.arrived();
    }
  }

  async end(): Promise<void> {
    await this.#client?.stop();
    await this.ospfd.die();
  }
}
