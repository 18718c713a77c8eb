import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ANY_ADDRESS, type Ipv4, ipv4 } from '../ipv4.js';
import { LSA_HEADER_LENGTH, type LsaHeader } from '../lsa-header.js';
import { decodeMessage } from '../wire/decode.js';
import { encodeMessage } from '../wire/encode.js';
import { FrameSplitter } from '../wire/frame.js';
import type { ApiMessage, ApiNotification, ApiRequest } from '../wire/message.js';

const LISTEN_ATTEMPTS = 200;

export const OWN_ROUTER_ID = ipv4(0x0a000002);

/** How the fake behaves; a test changes what it is about. */
export interface FakeBehaviour {
  /** undefined: do not answer. Default 0. */
  replyTo(request: ApiRequest): number | undefined;
  /** What a sync request finds. The router ID is told by itself. */
  synced(request: ApiRequest): ApiNotification[];
  /** Runs before the answer to `sync-router-id` is queued. */
  beforeRouterId(client: FakeClient): void;
  /** ospfd loses the notification of its router ID, as it does before an LSA that is too long for one. Default: no. */
  losesRouterId(): boolean;
  /** Runs while the client waits for ospfd at this port. */
  beforeConnectingBack(port: number): Promise<void>;
}

export interface FakeClient {
  readonly requests: Socket;
  readonly notifications: Socket;
  notify(notification: ApiNotification, sequence?: number): void;
}

/** As much of ospfd's API as a client can see: it connects back, answers in order, and tells what the test says. */
export class FakeOspfd {
  readonly received: ApiRequest[] = [];
  readonly clients: FakeClient[] = [];
  readonly behaviour: FakeBehaviour = {
    replyTo: () => 0,
    synced: () => [],
    beforeRouterId: () => {},
    losesRouterId: () => false,
    beforeConnectingBack: async () => {},
  };
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #lastSequence = 0;

  private constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => void this.#accept(socket));
  }

  static async listen(): Promise<FakeOspfd> {
    const fake = new FakeOspfd();
    await fake.listenAgain();
    return fake;
  }

  get port(): number {
    return this.#port;
  }

  get client(): FakeClient {
    const client = this.clients.at(-1);
    if (client === undefined) throw new Error('no client is connected');
    return client;
  }

  /** While nobody listened, the kernel may have given the port to a connection of somebody else, for a moment. */
  async listenAgain(): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#listen();
      } catch (error) {
        if (attempt === LISTEN_ATTEMPTS) throw error;
        await sleep(100);
      }
    }
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        const address = this.#server.address();
        if (address !== null && typeof address === 'object') this.#port = address.port;
        resolve();
      });
    });
  }

  /** As `kill -9` of ospfd: all connections end, and nobody listens. */
  die(): Promise<void> {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Answers the last request, or so many of them, which `replyTo` had left open. */
  answer(errorCode: number, count = 1): void {
    const first = this.#lastSequence - count + 1;
    for (let sequence = first; sequence < first + count; sequence++)
      this.client.requests.write(encodeMessage({ kind: 'reply', errorCode }, sequence));
  }

  async #accept(requests: Socket): Promise<void> {
    const port = (requests.remotePort ?? 0) + 1;
    await this.behaviour.beforeConnectingBack(port);
    const notifications = connect({ host: '127.0.0.1', port, noDelay: true });
    for (const socket of [requests, notifications]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    }
    const client: FakeClient = {
      requests,
      notifications,
      notify: (notification, sequence = 0) => notifications.write(encodeMessage(notification, sequence)),
    };
    this.clients.push(client);
    const splitter = new FrameSplitter();
    requests.on('data', (chunk) => {
      for (const frame of splitter.push(chunk)) {
        if (frame.kind !== 'frame') throw new Error(frame.reason);
        this.#answer(client, decodeMessage(frame) as ApiRequest, frame.sequence);
      }
    });
  }

  #answer(client: FakeClient, request: ApiRequest, sequence: number): void {
    this.received.push(request);
    this.#lastSequence = sequence;
    for (const notification of this.behaviour.synced(request)) client.notify(notification, sequence);
    const errorCode = this.behaviour.replyTo(request);
    if (errorCode === undefined) return;
    if (request.kind === 'sync-router-id') {
      this.behaviour.beforeRouterId(client);
      if (!this.behaviour.losesRouterId())
        client.notify({ kind: 'router-id-change', routerId: OWN_ROUTER_ID }, sequence);
    }
    client.requests.write(encodeMessage({ kind: 'reply', errorCode }, sequence));
  }
}

/** An LSA as ospfd tells of it. `sequenceNumber` counts from 1. */
export function lsaNotification(
  kind: 'lsa-update' | 'lsa-delete',
  fields: Partial<LsaHeader> & { readonly text?: string; readonly interfaceAddress?: Ipv4; readonly area?: Ipv4 } = {},
): Extract<ApiMessage, { kind: 'lsa-update' | 'lsa-delete' }> {
  const { text = 'text', interfaceAddress = ANY_ADDRESS, area = ANY_ADDRESS, ...header } = fields;
  const body = Uint8Array.from(Buffer.from(text));
  return {
    kind,
    interfaceAddress,
    area,
    own: false,
    header: {
      age: 1,
      options: 2,
      type: 11,
      linkStateId: ipv4(0xde000001),
      advertisingRouter: ipv4(0x0a000003),
      checksum: 0,
      length: LSA_HEADER_LENGTH + body.length,
      ...header,
      sequenceNumber: -0x8000_0000 + (header.sequenceNumber ?? 1),
    },
    body,
  };
}
