import type { LsaInstance, OspfApiReply } from 'ospfapi-shim';
import type { Place } from '../trust/index.js';
import type { Clock, RunningTimer } from './clock.js';
import { type AnnouncementId, formatLsaId, linkStateId } from './link-state-id.js';
import type { OspfPort } from './ospf-port.js';
import type { OwnSeries } from './own-series.js';
import { type Placement, placeKey } from './placement.js';

/** How long to wait before ospfd is asked again to delete an LSA that it did not delete. */
const DELETE_RETRY_MS = 5000;

/** An LSA of this node: one that it has originated in this session, or one of an earlier life that is being deleted. */
export interface OwnLsa {
  readonly id: AnnouncementId;
  readonly placement: Placement;
  /** What may come back from the network as its body, oldest first. */
  readonly bodies: Uint8Array[];
  /** Runs until its deletion. */
  timer: RunningTimer | null;
  /** Under way. */
  deletion: PromiseLike<void> | null;
  /** Deleted, never out, or of a session that has ended. */
  gone: boolean;
}

/** What ospfd is asked of LSAs of ours. */
export interface LsaPort {
  originate(...lsa: Parameters<OspfPort['originate']>): PromiseLike<OspfApiReply>;
  delete(...lsa: Parameters<OspfPort['delete']>): PromiseLike<OspfApiReply>;
}

export interface OwnLsasOptions {
  readonly port: LsaPort;
  readonly clock: Clock;
  readonly series: OwnSeries;
  /** The body as it is to go out at this place. */
  readonly prove: (body: Uint8Array, place: Pick<Place, 'lsaType' | 'series'>) => Uint8Array;
  /** ospfd did not delete an LSA, and is asked again later. */
  readonly deleteFailed: (lsaId: string, reason: string) => void;
}

/** Echoes that ospfd may still owe us; it holds back updates in place for up to 5 s and then sends the last one only. */
const MOST_BODIES = 8;

/** The LSAs that this node has out: originates them, deletes them after a while, and knows which ones it has. */
export class OwnLsas {
  readonly #options: OwnLsasOptions;
  readonly #byKey = new Map<string, OwnLsa>();

  constructor(options: OwnLsasOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#byKey.size;
  }

  find(id: AnnouncementId, placement: Placement): OwnLsa | undefined {
    return this.#byKey.get(key(id, placement));
  }

  /** Originates under a generation that was taken for it. */
  originate(id: AnnouncementId, placement: Placement, content: Uint8Array): [OwnLsa, PromiseLike<OspfApiReply>] {
    const body = this.#options.prove(content, { lsaType: placement.lsaType, series: id.series });
    const lsa = this.#add(id, placement, [body]);
    return [lsa, this.#options.port.originate({ ...address(lsa), body })];
  }

  updateInPlace(lsa: OwnLsa, content: Uint8Array): PromiseLike<OspfApiReply> {
    const body = this.#options.prove(content, { lsaType: lsa.placement.lsaType, series: lsa.id.series });
    lsa.bodies.push(body);
    if (lsa.bodies.length > MOST_BODIES) lsa.bodies.shift();
    return this.#options.port.originate({ ...address(lsa), body });
  }

  /** It is deleted, or ospfd refused it: its generation may be used again later. */
  forget(lsa: OwnLsa): void {
    if (lsa.gone) return;
    lsa.gone = true;
    lsa.timer?.cancel();
    this.#byKey.delete(key(lsa.id, lsa.placement));
    this.#options.series.seriesByNumber(lsa.id.series).slots.release(lsa.id.generation, this.#options.clock.now());
  }

  deleteAfter(lsa: OwnLsa, delayMs: number): void {
    if (lsa.gone || lsa.deletion !== null) return;
    lsa.timer?.cancel();
    lsa.timer = this.#options.clock.setTimer(delayMs, () => void this.delete(lsa));
  }

  /** Resolves when ospfd has answered; a deletion that failed is tried again later. */
  delete(lsa: OwnLsa): PromiseLike<void> {
    if (lsa.gone) return Promise.resolve();
    lsa.timer?.cancel();
    lsa.deletion ??= this.#delete(lsa);
    return lsa.deletion;
  }

  /** An LSA of ours that nobody here has originated: an earlier life did. */
  deleteStray(id: AnnouncementId, placement: Placement): void {
    void this.delete(this.#add(id, placement, []));
  }

  /** Resolves when ospfd has answered for every one. */
  async deleteAll(): Promise<void> {
    await Promise.all([...this.#byKey.values()].map((lsa) => this.delete(lsa)));
  }

  sessionEnded(): void {
    for (const lsa of this.#byKey.values()) {
      lsa.timer?.cancel();
      lsa.gone = true;
    }
    this.#byKey.clear();
  }

  #add(id: AnnouncementId, placement: Placement, bodies: Uint8Array[]): OwnLsa {
    const lsa: OwnLsa = { id, placement, bodies, timer: null, deletion: null, gone: false };
    this.#byKey.set(key(id, placement), lsa);
    return lsa;
  }

  #delete(lsa: OwnLsa): PromiseLike<void> {
    return this.#options.port.delete(address(lsa)).then((reply) => {
      lsa.deletion = null;
      if (lsa.gone) return;
      if (reply.ok || reply.code === 'no-such-lsa') {
        this.forget(lsa);
      } else if (reply.code !== 'disconnected') {
        if (reply.code !== 'not-ready' && reply.code !== 'queue-full')
          this.#options.deleteFailed(formatLsaId(lsa.id), reply.text);
        this.deleteAfter(lsa, DELETE_RETRY_MS);
      }
    });
  }
}

/** Whether this instance is one that we originated; then older ones will not come any more. */
export function isOurContent(lsa: Pick<OwnLsa, 'bodies'>, body: Uint8Array): boolean {
  const index = lsa.bodies.findIndex((sent) => sameBytes(sent, body));
  if (index > 0) lsa.bodies.splice(0, index);
  return index >= 0;
}

export function placementOf(lsa: LsaInstance): Placement | undefined {
  switch (lsa.header.type) {
    case 9:
      return { lsaType: 9, area: null, interfaceAddress: lsa.interfaceAddress };
    case 10:
      return { lsaType: 10, area: lsa.area, interfaceAddress: null };
    case 11:
      return { lsaType: 11, area: null, interfaceAddress: null };
    default:
      return undefined;
  }
}

function key(id: AnnouncementId, placement: Placement): string {
  return `${formatLsaId(id)}/${placeKey(placement)}`;
}

function address(lsa: OwnLsa): Parameters<OspfPort['delete']>[0] {
  const { lsaType, area, interfaceAddress } = lsa.placement;
  return {
    lsaType,
    linkStateId: linkStateId(lsa.id),
    ...(area === null ? {} : { area }),
    ...(interfaceAddress === null ? {} : { interfaceAddress }),
  };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
