import type { Ipv4 } from 'ospfapi-shim';
import type { TransportEvent } from '../cluster/index.js';
import { type RouterId, routerId } from '../model/index.js';
import type { Intake } from './intake.js';

/** That a router is there, among what waits of it. */
const REACHABLE = 'reachable';

export interface ToldReachabilityOptions {
  readonly intake: Intake;
  /** null: without a session, in which nothing is told. */
  readonly self: () => RouterId | null;
  readonly tell: (event: TransportEvent) => void;
}

/**
 * Tells which routers OSPF reaches. That one is lost is told at once. That it is there again waits for what it had flooded
 * before, which would be taken for news otherwise.
 */
export class ToldReachability {
  readonly #options: ToldReachabilityOptions;

  constructor(options: ToldReachabilityOptions) {
    this.#options = options;
  }

  changed(added: readonly Ipv4[], removed: readonly Ipv4[]): void {
    const { intake } = this.#options;
    const behind = added.filter((router) => intake.has(router));
    const lost = removed.filter((router) => !intake.cancel(router, REACHABLE));
    const there = added.filter((router) => !behind.includes(router));
    this.#tellOf(there, lost);
    for (const router of behind) intake.offer(router, REACHABLE, () => this.#tellOf([router], []));
  }

  #tellOf(added: readonly Ipv4[], removed: readonly Ipv4[]): void {
    const self = this.#options.self();
    const others = (routers: readonly Ipv4[]) =>
      routers.filter((router) => router !== Number(self)).map((router) => routerId(router));
    const event = { type: 'reachability', added: others(added), removed: others(removed) } as const;
    if (self !== null && event.added.length + event.removed.length > 0) this.#options.tell(event);
  }
}
