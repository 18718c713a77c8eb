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

export type Notification = Exclude<ApiNotification, { readonly kind: 'reply' }>;

export interface SessionListener {
  onNotification(notification: Notification): void;
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
  /** Barriers whose answer has not come through the notifications yet, by sequence number. */
  readonly #barriers = new Map<number, (routerId: Ipv4) => void>();
  #closed = false;

  constructor(sockets: SocketPair, listener: SessionListener, timeoutMs: number) {
    this.#sockets = sockets;
    this.#listener = listener;
    this.#timeoutMs = timeoutMs;
    this.#queue = new RequestQueue({
      send: (bytes) => sockets.requests.write(bytes),
      timeoutMs,
      onStuck: (reason) => this.close(reason),
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
   */
  async barrier(): Promise<Ipv4 | undefined> {
    let cancel = () => {};
    let settle: (routerId: Ipv4 | undefined) => void = () => {};
    const arrived = new Promise<Ipv4 | undefined>((resolve) => {
      settle = resolve;
    });
    const onSent = (sequence: number) => this.#barriers.set(sequence, settle);
    const reply = await this.#queue.request({ kind: 'sync-router-id' }, true, onSent);
    if (!reply.ok) settle(undefined);
    else cancel = startDeadline(this.#timeoutMs, () => this.#notificationsLost(settle));
    const routerId = await Promise.race([arrived, this.#end]);
    cancel();
    return routerId;
  }

  /** Ends the session; `onClosed` is called before this returns. */
  close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.close(reason);
    this.#barriers.clear();
    this.#sockets.requests.destroy();
    this.#sockets.notifications.destroy();
    this.#settleEnd();
    this.#listener.onClosed(reason);
  }

  #settleEnd: () => void = () => {};
  readonly #end = new Promise<undefined>((resolve) => {
    this.#settleEnd = () => resolve(undefined);
  });

  #read(socket: Socket, name: string, handle: (frame: Frame) => void): void {
    const splitter = new FrameSplitter();
    socket.on('data', (chunk) => {
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
        this.#barriers.delete(frame.sequence);
        if (barrier === undefined) this.#listener.onNotification(message);
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
        this.#listener.onNotification(message);
        break;
      default:
        this.#senseless(malformed('notification', `expected a notification, got ${message.kind}`));
    }
  }

  #senseless(value: Malformed): void {
    this.#listener.onMalformed(value);
    this.close(`ospfd sent a malformed ${value.what}: ${value.reason}`);
  }

  #notificationsLost(settle: (routerId: undefined) => void): void {
    settle(undefined);
    this.close(`ospfd answered, but its notification did not arrive within ${this.#timeoutMs} ms`);
  }
}
