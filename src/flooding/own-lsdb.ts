import { type LsaInstance, MAX_AGE } from 'ospfapi-shim';
import type { RouterId } from '../model/index.js';
import type { Clock, RunningTimer } from './clock.js';
import { isOfOurType } from './inbox.js';
import { parseLinkStateId } from './link-state-id.js';
import type { OspfPort } from './ospf-port.js';
import type { Outbox } from './outbox.js';
import { isOurContent, type OwnLsas, placementOf } from './own-lsas.js';
import type { OwnSeries } from './own-series.js';
import { placeKey } from './placement.js';

/** How often LSAs with MaxAge are looked for that were there when the session began. */
const EXPIRED_CHECK_MS = 10_000;

export interface OwnLsdbOptions {
  readonly port: Pick<OspfPort, 'lsdb'>;
  readonly clock: Clock;
  readonly lsas: OwnLsas;
  readonly series: OwnSeries;
  readonly outbox: Outbox;
}

/** Compares what the LSDB holds of this node with what this node has out. */
export class OwnLsdb {
  readonly #options: OwnLsdbOptions;
  /** Had MaxAge when the session began. Of these ospfd does not tell when they go. */
  #expired: readonly LsaInstance[] = [];
  #expiredTimer: RunningTimer | null = null;

  constructor(options: OwnLsdbOptions) {
    this.#options = options;
  }

  synced(routerId: RouterId): void {
    this.#expired = this.#options.port.lsdb
      .expired()
      .filter((lsa) => lsa.header.advertisingRouter === Number(routerId) && isOfOurType(lsa));
    for (const lsa of this.#expired) this.#mark(lsa, 'seen');
    this.#watchExpired();
  }

  sessionEnded(): void {
    this.#expired = [];
    this.#expiredTimer?.cancel();
  }

  arrived(lsa: LsaInstance): void {
    const { lsas, outbox } = this.#options;
    const id = parseLinkStateId(lsa.header.linkStateId);
    const placement = placementOf(lsa);
    if (id === undefined || placement === undefined) return;
    this.#mark(lsa, 'seen');
    const own = lsas.find(id, placement);
    const flushed = lsa.header.age >= MAX_AGE;
    if (own === undefined) {
      if (!flushed) lsas.deleteStray(id, placement);
    } else if (own.deletion === null && (flushed || !isOurContent(own, lsa.body))) {
      outbox.repair(own);
    }
  }

  left(lsa: LsaInstance): void {
    const { lsas, outbox } = this.#options;
    const id = parseLinkStateId(lsa.header.linkStateId);
    const placement = placementOf(lsa);
    if (id === undefined || placement === undefined) return;
    this.#mark(lsa, 'gone');
    const own = lsas.find(id, placement);
    if (own !== undefined && own.deletion === null) outbox.repair(own);
  }

  #mark(lsa: LsaInstance, change: 'seen' | 'gone'): void {
    const id = parseLinkStateId(lsa.header.linkStateId);
    const placement = placementOf(lsa);
    if (id === undefined || placement === undefined) return;
    const { slots } = this.#options.series.seriesByNumber(id.series);
    slots[change](id.generation, placeKey(placement), this.#options.clock.now());
  }

  #watchExpired(): void {
    if (this.#expired.length === 0) return;
    this.#expiredTimer = this.#options.clock.setTimer(EXPIRED_CHECK_MS, () => {
      const left = new Set(this.#options.port.lsdb.expired());
      for (const lsa of this.#expired) if (!left.has(lsa)) this.#mark(lsa, 'gone');
      this.#expired = this.#expired.filter((lsa) => left.has(lsa));
      this.#watchExpired();
    });
  }
}
