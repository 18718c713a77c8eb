import { type LsaInstance, MAX_AGE } from 'ospfapi-shim';
import type { Clock } from './clock.js';
import { isOfOurType } from './inbox.js';
import { parseLinkStateId } from './link-state-id.js';
import type { Outbox } from './outbox.js';
import { isOurContent, type OwnLsas, placementOf } from './own-lsas.js';
import type { OwnSeries } from './own-series.js';
import { placeKey } from './placement.js';

export interface OwnLsdbOptions {
  readonly clock: Clock;
  readonly lsas: OwnLsas;
  readonly series: OwnSeries;
  readonly outbox: Outbox;
}

/** Compares what the LSDB holds of this node with what this node has out. */
export class OwnLsdb {
  readonly #options: OwnLsdbOptions;

  constructor(options: OwnLsdbOptions) {
    this.#options = options;
  }

  arrived(lsa: LsaInstance): void {
    const { clock, lsas, series, outbox } = this.#options;
    const id = parseLinkStateId(lsa.header.linkStateId);
    const placement = placementOf(lsa);
    if (id === undefined || placement === undefined || !isOfOurType(lsa)) return;
    series.seriesByNumber(id.series).slots.seen(id.generation, placeKey(placement), clock.now());
    const own = lsas.find(id, placement);
    const flushed = lsa.header.age >= MAX_AGE;
    if (own === undefined) {
      if (!flushed) lsas.deleteStray(id, placement);
    } else if (own.deletion === null && (flushed || !isOurContent(own, lsa.body))) {
      outbox.repair(own);
    }
  }

  left(lsa: LsaInstance): void {
    const { clock, lsas, series, outbox } = this.#options;
    const id = parseLinkStateId(lsa.header.linkStateId);
    const placement = placementOf(lsa);
    if (id === undefined || placement === undefined || !isOfOurType(lsa)) return;
    series.seriesByNumber(id.series).slots.gone(id.generation, placeKey(placement), clock.now());
    const own = lsas.find(id, placement);
    if (own !== undefined && own.deletion === null) outbox.repair(own);
  }
}
