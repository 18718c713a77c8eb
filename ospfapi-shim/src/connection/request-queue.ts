import { type OspfApiReply, REPLY_CODES } from '../reply.js';
import { encodeMessage } from '../wire/encode.js';
import { type ApiRequest, MESSAGE_TYPES } from '../wire/message.js';
import { startDeadline } from './deadline.js';

/** So many wait at least when they are sent without waiting for each answer, and so many are then under way. */
const BURST = 8;
const MOST_UNDER_WAY = 32;
/** More than any client should have waiting; beyond it requests are turned away at once, but for those that go first. */
const MAX_WAITING = 10_000;
const MAX_SEQUENCE = 0x7fff_ffff;

interface Waiting {
  readonly request: ApiRequest;
  readonly onSent: (sequence: number) => void;
  readonly resolve: (reply: OspfApiReply) => void;
}

export interface RequestQueueOptions {
  readonly send: (bytes: Uint8Array) => void;
  readonly timeoutMs: number;
  /** A request was not answered in time; ospfd hangs or does not know it. */
  readonly onStuck: (reason: string) => void;
}

interface Sent extends Waiting {
  readonly sequence: number;
}

/**
 * Sends few requests one at a time: ospfd's replies are small writes, and while one of them is not acknowledged the kernel
 * holds back the next (Nagle) for up to 40 ms. Our next request carries the acknowledgement.
 *
 * A burst is not: an answer is read once in a turn of the event loop, and hundreds of services would wait for as many
 * turns, each of which is long just then. Only the last answers of a burst may be held back.
 */
export class RequestQueue {
  readonly #options: RequestQueueOptions;
  readonly #waiting: Waiting[] = [];
  /** Without an answer; ospfd answers in order. */
  readonly #sent: Sent[] = [];
  #cancelDeadline = () => {};
  #sequence = 0;
  #closedBecause: string | undefined;

  constructor(options: RequestQueueOptions) {
    this.#options = options;
  }

  /** Whether ospfd owes an answer. */
  get busy(): boolean {
    return this.#sent.length > 0;
  }

  /** Resolves with ospfd's answer, or with why there is none. Never rejects. `first`: before all that wait. */
  request(request: ApiRequest, first = false, onSent: (sequence: number) => void = () => {}): Promise<OspfApiReply> {
    return new Promise((resolve) => {
      if (this.#closedBecause !== undefined) return resolve(disconnected(this.#closedBecause));
      if (!first && this.#waiting.length >= MAX_WAITING) {
        return resolve({
          ok: false,
          code: 'queue-full',
          text: `${MAX_WAITING} requests are waiting for ospfd already`,
        });
      }
      const waiting = { request, onSent, resolve };
      if (first) this.#waiting.unshift(waiting);
      else this.#waiting.push(waiting);
      if (this.#sent.length === 0 || this.#waiting.length > BURST) this.#sendNext();
    });
  }

  /** Returns what is wrong with this reply, if it is not the awaited one. */
  handleReply(sequence: number, errorCode: number): string | undefined {
    const [awaited] = this.#sent;
    if (awaited === undefined) return `nothing was asked, but a reply with sequence number ${sequence} came`;
    if (awaited.sequence !== sequence) return `expected the reply ${awaited.sequence}, got ${sequence}`;
    this.#sent.shift();
    this.#awaitNext();
    awaited.resolve(interpret(errorCode, awaited.request));
    this.#sendNext();
    return undefined;
  }

  close(reason: string): void {
    if (this.#closedBecause !== undefined) return;
    this.#closedBecause = reason;
    this.#cancelDeadline();
    for (const { resolve } of [...this.#sent.splice(0), ...this.#waiting.splice(0)]) resolve(disconnected(reason));
  }

  /** What was asked will not be answered any more: ospfd has been silent for `afterMs`. */
  giveUp(afterMs: number): void {
    const stuck = this.#sent.shift();
    if (stuck === undefined) return;
    this.#cancelDeadline();
    const text = `ospfd did not answer the request ${stuck.request.kind} within ${afterMs} ms`;
    stuck.resolve({ ok: false, code: 'timed-out', text });
    this.#options.onStuck(text);
  }

  /** One, or in a burst as many as may be under way. */
  #sendNext(): void {
    do {
      if (this.#sent.length >= MOST_UNDER_WAY || this.#closedBecause !== undefined) return;
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#sequence = this.#sequence === MAX_SEQUENCE ? 1 : this.#sequence + 1;
      this.#sent.push({ ...next, sequence: this.#sequence });
      if (this.#sent.length === 1) this.#awaitNext();
      next.onSent(this.#sequence);
      this.#options.send(encodeMessage(next.request, this.#sequence));
    } while (this.#waiting.length > BURST);
  }

  /** Of those under way the oldest has its time from when the answer before it came. */
  #awaitNext(): void {
    this.#cancelDeadline();
    if (this.#sent.length === 0) return;
    this.#cancelDeadline = startDeadline(this.#options.timeoutMs, () => this.giveUp(this.#options.timeoutMs));
  }
}

function disconnected(reason: string): OspfApiReply {
  return { ok: false, code: 'disconnected', text: reason };
}

function interpret(errorCode: number, request: ApiRequest): OspfApiReply {
  const known = REPLY_CODES.get(errorCode);
  if (known === undefined) {
    return { ok: false, code: 'unknown', text: `ospfd answered ${request.kind} with the unknown code ${errorCode}` };
  }
  if (known.code === 'ok') return { ok: true, code: 'ok', text: known.text };
  const type = MESSAGE_TYPES[request.kind];
  return { ok: false, code: known.code, text: `ospfd refused ${request.kind} (message ${type}): ${known.text}` };
}
