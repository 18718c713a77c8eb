import { type OspfApiReply, REPLY_CODES } from '../reply.js';
import { encodeMessage } from '../wire/encode.js';
import { type ApiRequest, MESSAGE_TYPES } from '../wire/message.js';
import { startDeadline } from './deadline.js';

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

/**
 * Sends requests one at a time: ospfd's replies are small writes, and while one of them is not acknowledged the kernel
 * holds back the next (Nagle) for up to 40 ms. Our next request carries the acknowledgement.
 */
export class RequestQueue {
  readonly #options: RequestQueueOptions;
  readonly #waiting: Waiting[] = [];
  #current: (Waiting & { readonly sequence: number; readonly cancelDeadline: () => void }) | undefined;
  #sequence = 0;
  #closedBecause: string | undefined;

  constructor(options: RequestQueueOptions) {
    this.#options = options;
  }

  /** Whether ospfd owes an answer. */
  get busy(): boolean {
    return this.#current !== undefined;
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
      this.#sendNext();
    });
  }

  /** Returns what is wrong with this reply, if it is not the awaited one. */
  handleReply(sequence: number, errorCode: number): string | undefined {
    const current = this.#current;
    if (current === undefined) return `nothing was asked, but a reply with sequence number ${sequence} came`;
    if (current.sequence !== sequence) return `expected the reply ${current.sequence}, got ${sequence}`;
    this.#current = undefined;
    current.cancelDeadline();
    current.resolve(interpret(errorCode, current.request));
    this.#sendNext();
    return undefined;
  }

  close(reason: string): void {
    if (this.#closedBecause !== undefined) return;
    this.#closedBecause = reason;
    const open = this.#current === undefined ? this.#waiting.splice(0) : [this.#current, ...this.#waiting.splice(0)];
    this.#current?.cancelDeadline();
    this.#current = undefined;
    for (const { resolve } of open) resolve(disconnected(reason));
  }

  /** What was asked last will not be answered any more: ospfd has been silent for `afterMs`. */
  giveUp(afterMs: number): void {
    const stuck = this.#current;
    if (stuck === undefined) return;
    this.#current = undefined;
    stuck.cancelDeadline();
    const text = `ospfd did not answer the request ${stuck.request.kind} within ${afterMs} ms`;
    stuck.resolve({ ok: false, code: 'timed-out', text });
    this.#options.onStuck(text);
  }

  #sendNext(): void {
    if (this.#current !== undefined || this.#closedBecause !== undefined) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#sequence = this.#sequence === MAX_SEQUENCE ? 1 : this.#sequence + 1;
    const cancelDeadline = startDeadline(this.#options.timeoutMs, () => this.giveUp(this.#options.timeoutMs));
    this.#current = { ...next, sequence: this.#sequence, cancelDeadline };
    next.onSent(this.#sequence);
    this.#options.send(encodeMessage(next.request, this.#sequence));
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
