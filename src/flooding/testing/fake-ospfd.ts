import { type Ipv4, ipv4, type LsaInstance, type OspfApiEvent, type OspfApiReply } from 'ospfapi-shim';
import type { Clock } from '../clock.js';
import type { OspfPort } from '../ospf-port.js';

/** FRR 8.4's MinLSInterval: an LSA that was originated is held back for so long if it is originated again. */
export const MIN_LS_INTERVAL_MS = 5000;

type OriginateRequest = Parameters<OspfPort['originate']>[0];
type DeleteRequest = Parameters<OspfPort['delete']>[0];

/** A request as ospfd got it. */
export type FakeRequest =
  | ({ readonly type: 'originate' } & OriginateRequest)
  | ({ readonly type: 'delete' } & DeleteRequest);

/**
 * For tests: ospfd (FRR 8.4) and the API client in one, as far as the OSPF transport can tell. Events come one at a
 * time, never from within a call.
 */
export class FakeOspfd implements OspfPort {
  readonly requests: FakeRequest[] = [];
  readonly reachable = new Set<Ipv4>();
  /** Answers instead of ospfd, without anything being done; undefined: ospfd answers. */
  answer: (request: FakeRequest) => OspfApiReply | undefined = () => undefined;
  /** Answers are held back until this resolves. */
  held: Promise<void> = Promise.resolve();
  stopped = false;
  /** Later versions of FRR, and 8.4.4 after a restart. */
  takesWithoutNeighbour = false;
  readonly #clock: Clock;
  readonly #routerId: Ipv4;
  readonly #full = new Set<Ipv4>();
  readonly #lsas = new Map<string, LsaInstance>();
  readonly #originatedAt = new Map<string, number>();
  readonly #reserve = new Map<string, OriginateRequest>();
  #queue: OspfApiEvent[] = [];
  #listener: ((event: OspfApiEvent) => void) | undefined;
  #connected = false;

  constructor(clock: Clock, routerIdText: Ipv4) {
    this.#clock = clock;
    this.#routerId = routerIdText;
  }

  /** LSAs that had MaxAge when the session began. */
  expired: LsaInstance[] = [];
  readonly lsdb = { list: () => [...this.#lsas.values()], expired: () => this.expired };

  start(listener: (event: OspfApiEvent) => void): void {
    this.#listener = listener;
  }

  stop(): Promise<void> {
    this.stopped = true;
    this.#listener = undefined;
    return Promise.resolve();
  }

  connect(): void {
    this.#connected = true;
    this.#tell({ type: 'connected', routerId: this.#routerId });
    this.#tell({ type: 'interface', interfaceAddress: this.#routerId, area: ipv4(0), state: 'designated-router' });
    for (const lsa of this.#lsas.values()) this.#tell({ type: 'lsa', lsa, previous: null });
    for (const neighbour of this.#full) this.#tellNeighbour(neighbour, 'full');
    this.#tell({ type: 'synced' });
  }

  /** The session ends; ospfd flushes what it was given. */
  disconnect(reason: string): void {
    this.#connected = false;
    for (const [key, lsa] of this.#lsas) if (lsa.own) this.#lsas.delete(key);
    this.#originatedAt.clear();
    this.#reserve.clear();
    this.#tell({ type: 'disconnected', reason });
  }

  neighbourFull(neighbour: Ipv4): void {
    this.#full.add(neighbour);
    this.#tellNeighbour(neighbour, 'full');
  }

  neighbourDown(neighbour: Ipv4): void {
    this.#full.delete(neighbour);
    this.#tellNeighbour(neighbour, 'down');
  }

  /** Something arrives from the network, or (`own`) ospfd does something to an LSA of ours by itself. */
  receive(lsa: LsaInstance): void {
    const previous = this.#lsas.get(keyOf(lsa.header.type, lsa.header)) ?? null;
    this.#lsas.set(keyOf(lsa.header.type, lsa.header), lsa);
    this.#tell({ type: 'lsa', lsa, previous });
  }

  flush(lsaType: number, linkStateId: Ipv4, advertisingRouter = this.#routerId): void {
    const key = keyOf(lsaType, { linkStateId, advertisingRouter });
    const lsa = this.#lsas.get(key);
    if (lsa === undefined) return;
    this.#lsas.delete(key);
    this.#originatedAt.delete(key);
    this.#reserve.delete(key);
    this.#tell({ type: 'lsa-withdrawn', lsa });
  }

  tell(event: OspfApiEvent): void {
    this.#tell(event);
  }

  async originate(request: OriginateRequest): Promise<OspfApiReply> {
    this.requests.push({ type: 'originate', ...request });
    const other = this.answer({ type: 'originate', ...request });
    const reply = other ?? this.#originate(request);
    await this.held;
    return reply;
  }

  async delete(request: DeleteRequest): Promise<OspfApiReply> {
    this.requests.push({ type: 'delete', ...request });
    const reply = this.answer({ type: 'delete', ...request }) ?? this.#delete(request);
    await this.held;
    return reply;
  }

  #originate(request: OriginateRequest): OspfApiReply {
    if (!this.#connected) return { ok: false, code: 'disconnected', text: 'there is no session' };
    if (this.#full.size === 0 && !this.takesWithoutNeighbour)
      return { ok: false, code: 'not-ready', text: 'no neighbour is Full' };
    const key = keyOf(request.lsaType, { ...request, advertisingRouter: this.#routerId });
    const since = this.#originatedAt.get(key);
    if (since === undefined || this.#clock.now() - since >= MIN_LS_INTERVAL_MS) this.#install(key, request);
    else {
      if (!this.#reserve.has(key))
        this.#clock.setTimer(since + MIN_LS_INTERVAL_MS - this.#clock.now(), () => this.#due(key));
      this.#reserve.set(key, request);
    }
    return { ok: true, code: 'ok', text: '' };
  }

  #due(key: string): void {
    const request = this.#reserve.get(key);
    this.#reserve.delete(key);
    if (request !== undefined) this.#install(key, request);
  }

  #install(key: string, request: OriginateRequest): void {
    this.#originatedAt.set(key, this.#clock.now());
    const { lsaType, linkStateId, body } = request;
    this.receive(
      lsaInstance({
        type: lsaType,
        linkStateId,
        advertisingRouter: this.#routerId,
        body,
        area: lsaType === 11 ? null : (request.area ?? ipv4(0)),
        interfaceAddress: request.interfaceAddress ?? null,
        own: true,
      }),
    );
  }

  #delete(request: DeleteRequest): OspfApiReply {
    const key = keyOf(request.lsaType, { ...request, advertisingRouter: this.#routerId });
    if (!this.#lsas.has(key)) return { ok: false, code: 'no-such-lsa', text: 'not in the LSDB' };
    this.flush(request.lsaType, request.linkStateId);
    return { ok: true, code: 'ok', text: '' };
  }

  #tellNeighbour(neighbour: Ipv4, state: 'full' | 'down'): void {
    this.#tell({
      type: 'neighbour',
      interfaceAddress: this.#routerId,
      neighbourAddress: neighbour,
      routerId: neighbour,
      state,
    });
  }

  #tell(event: OspfApiEvent): void {
    if (!this.#connected && event.type !== 'disconnected') return;
    this.#queue.push(event);
    if (this.#queue.length === 1) queueMicrotask(() => this.#drain());
  }

  #drain(): void {
    const events = this.#queue;
    this.#queue = [];
    for (const event of events) this.#listener?.(event);
  }
}

export interface LsaFields {
  readonly type: number;
  readonly linkStateId: Ipv4;
  readonly advertisingRouter: Ipv4;
  readonly body: Uint8Array;
  readonly age?: number;
  readonly area?: Ipv4 | null;
  readonly interfaceAddress?: Ipv4 | null;
  readonly own?: boolean;
}

export function lsaInstance(fields: LsaFields): LsaInstance {
  const { type, linkStateId, advertisingRouter, body, age = 0 } = fields;
  return {
    header: {
      age,
      options: 0x42,
      type,
      linkStateId,
      advertisingRouter,
      sequenceNumber: -0x7fff_ffff,
      checksum: 0,
      length: 20 + body.length,
    },
    body,
    area: fields.area ?? null,
    interfaceAddress: fields.interfaceAddress ?? null,
    own: fields.own ?? false,
    receivedAt: 0,
  };
}

function keyOf(type: number, header: { readonly linkStateId: Ipv4; readonly advertisingRouter: Ipv4 }): string {
  return `${type}/${header.linkStateId}/${header.advertisingRouter}`;
}
