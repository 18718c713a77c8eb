import type { Socket } from 'node:net';
import type { Ipv4 } from '../ipv4.js';
import type { OspfApiReply } from '../reply.js';
import { decodeMessage } from '../wire/decode.js';
import { type Frame, FrameSplitter } from '../wire/frame.js';
import { type Malformed, malformed } from '../wire/malformed.js';
import type { ApiNotification, ApiRequest } from '../wire/message.js';
import { startDeadline } from './deadline.js';
import type { SocketPair } from './handshake.js';
import { RequestQueue } from './request-queue.js';
import { Silence } from './silence.js';

export type Notification = Exclude<ApiNotification, { readonly kind: 'reply' }>;

/** How many times the time limit a request may take, and a barrier be asked for, while ospfd gets on with other things. */
const MOST_ROUNDS = 10;
/** Barriers in a row that nothing follows. One is lost behind an LSA that is too long. */
const MOST_QUIET_ROUNDS = 2;

export interface SessionListener {
  /** `sequence`: of the sync request that this is an answer to; 0: it has happened. */
  onNotification(notification: Notification, sequence: number): void;
  onMalformed(value: Malformed): void;
  /** Once. Nothing follows. */
  onClosed(reason: string): void;
}

/** One connected pair of sockets until its end: requests out, notifications in. */
export class Session {
  readonly #sockets: SocketPair;
  readonly #listener: SessionListener;
  readonly #timeoutMs: number;
  readonly #queue: RequestQueue;
  readonly #silence: Silence;
  /** Barriers whose answer has not come through the notifications yet, by sequence number. */
  readonly #barriers = new Map<number, (routerId: Ipv4 | undefined) => void>();
  /** Notifications so far. */
  #notified = 0;
  #closed = false;

  constructor(sockets: SocketPair, listener: SessionListener, timeoutMs: number) {
    this.#sockets = sockets;
    this.#listener = listener;
    this.#timeoutMs = timeoutMs;
    this.#queue = new RequestQueue({
      send: (bytes) => this.#send(bytes),
      timeoutMs: timeoutMs * MOST_ROUNDS,
      onStuck: (reason) => this.close(reason),
    });
    this.#silence = new Silence({
      limitMs: timeoutMs,
      ask: () => this.#askForSignOfLife(),
      passed: () => this.#queue.giveUp(timeoutMs),
    });
    this.#read(sockets.requests, 'requests', (frame) => this.#handleReply(frame));
    this.#read(sockets.notifications, 'notifications', (frame) => this.#handleNotification(frame));
  }

  request(request: ApiRequest): Promise<OspfApiReply> {
    return this.#queue.request(request);
  }

  /**
   * Resolves with the router ID when every notification that ospfd had queued before now has been handled: the router ID
   * is asked for, and its answer comes through the same queue. undefined if the session ends before.
   *
   * ospfd loses what it has queued when an LSA is too long for a notification, and the answer with it: then it is asked
   * again. So it is while the answer waits behind much else.
   */
  async barrier(): Promise<Ipv4 | undefined> {
    let quietRounds = 0;
    for (let round = 0; round < MOST_ROUNDS && quietRounds < MOST_QUIET_ROUNDS; round++) {
      const before = this.#notified;
      const answer = await this.#askRouterId();
      if (answer !== 'nothing') return answer;
      quietRounds = this.#notified === before ? quietRounds + 1 : 0;
    }
    this.close(`ospfd answered, but its notification did not arrive within ${this.#timeoutMs} ms`);
    return undefined;
  }

  /** Ends the session; `onClosed` is called before this returns. */
  close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.close(reason);
    this.#silence.end();
    for (const settle of [...this.#barriers.values()]) settle(undefined);
    this.#sockets.requests.destroy();
    this.#sockets.notifications.destroy();
    this.#listener.onClosed(reason);
  }

  /** What is sent in one step goes out in one write. */
  #send(bytes: Uint8Array): void {
    const { requests } = this.#sockets;
    if (requests.writableCorked === 0) {
      requests.cork();
      process.nextTick(() => requests.uncork());
    }
    requests.write(bytes);
  }

  /** 'nothing': ospfd has answered, and its notification has not come in time. */
  #askRouterId(): Promise<Ipv4 | undefined | 'nothing'> {
    return new Promise((resolve) => {
      let asked = 0;
      let cancel = () => {};
      const settle = (answer: Ipv4 | undefined | 'nothing') => {
        cancel();
        this.#barriers.delete(asked);
        resolve(answer);
      };
      const onSent = (sequence: number) => {
        asked = sequence;
        this.#barriers.set(sequence, settle);
      };
      void this.#queue.request({ kind: 'sync-router-id' }, true, onSent).then((reply) => {
        if (!reply.ok) settle(undefined);
        else if (this.#barriers.has(asked)) cancel = startDeadline(this.#timeoutMs, () => settle('nothing'));
      });
    });
  }

  /** A request that waits for its answer asks already. */
  #askForSignOfLife(): void {
    if (!this.#queue.busy) void this.barrier();
  }

  #read(socket: Socket, name: string, handle: (frame: Frame) => void): void {
    const splitter = new FrameSplitter();
    socket.on('data', (chunk) => {
      this.#silence.broken();
      for (const item of splitter.push(chunk)) {
        if (this.#closed) return;
        if (item.kind === 'frame') handle(item);
        else this.#senseless(item);
      }
    });
    socket.on('error', (error) => this.close(`the connection for ${name} failed: ${error.message}`));
    for (const event of ['end', 'close'] as const) {
      socket.on(event, () => this.close(`ospfd closed the connection for ${name}`));
    }
  }

  #handleReply(frame: Frame): void {
    const message = decodeMessage(frame);
    if (message.kind === 'malformed') {
      this.#senseless(message);
    } else if (message.kind === 'reply') {
      const wrong = this.#queue.handleReply(frame.sequence, message.errorCode);
      if (wrong !== undefined) this.#senseless(malformed('reply', wrong));
    } else {
      this.#senseless(malformed('reply', `expected a reply, got ${message.kind}`));
    }
  }

  #handleNotification(frame: Frame): void {
    this.#notified++;
    const message = decodeMessage(frame);
    switch (message.kind) {
      case 'malformed':
        // An LSA comes from another router. To leave one out is better than to be thrown out by it again and again.
        if (message.what.startsWith('message lsa-')) this.#listener.onMalformed(message);
        else this.#senseless(message);
        break;
      case 'unknown-message':
        this.#listener.onMalformed(malformed('notification', `message type ${message.type} is not known; skipped`));
        break;
      case 'router-id-change': {
        const barrier = this.#barriers.get(frame.sequence);
        if (barrier === undefined) this.#listener.onNotification(message, frame.sequence);
        else barrier(message.routerId);
        break;
      }
      case 'ready':
      case 'lsa-update':
      case 'lsa-delete':
      case 'new-interface':
      case 'delete-interface':
      case 'ism-change':
      case 'nsm-change':
      case 'reachable-change':
        this.#listener.onNotification(message, frame.sequence);
        break;
      default:
        this.#senseless(malformed('notification', `expected a notification, got ${message.kind}`));
    }
  }

  #senseless(value: Malformed): void {
    this.#listener.onMalformed(value);
    this.close(`ospfd sent a malformed ${value.what}: ${value.reason}`);
  }
}
