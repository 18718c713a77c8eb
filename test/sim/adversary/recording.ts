import type { Announcement } from '../../../src/model/index.js';
import { lsaKey, type OpaqueBody } from '../ospf/lsa.js';
import type { Router } from '../ospf/router.js';
import type { Random } from '../random.js';

const MOST = 400;

/** What a node has said, as it was on the wire. */
export interface Heard {
  readonly origin: number;
  readonly series: number;
  readonly announcement: Announcement;
  readonly bytes: Uint8Array;
}

/** What a router keeps of all that it has flooded for others. */
export class Recording {
  readonly #random: Random;
  readonly #met = new Set<OpaqueBody>();
  readonly #all: Heard[] = [];
  /** Under which link state IDs nodes have something out. */
  #there: { readonly origin: number; readonly lsId: number }[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  get last(): Heard | undefined {
    return this.#all.at(-1);
  }

  listen(router: Router): void {
    this.#there = [];
    for (const { lsa } of router.lsdb.values()) {
      if (lsa.body?.kind !== 'opaque' || lsa.origin === router.index) continue;
      this.#there.push({ origin: lsa.origin, lsId: lsa.lsId });
      const { bytes, announcement } = lsa.body;
      if (bytes === undefined || this.#met.has(lsa.body)) continue;
      this.#met.add(lsa.body);
      // One in so many of what it has kept gives way: some of it stays for long, from lives that are over.
      const at = this.#all.length < MOST ? this.#all.length : this.#random.int(0, MOST - 1);
      this.#all[at] = { origin: lsa.origin, series: lsa.lsId & 0xffff, announcement, bytes };
    }
  }

  any(): Heard | undefined {
    return this.#all.length === 0 ? undefined : this.#random.pick(this.#all);
  }

  of(origin: number): Heard[] {
    return this.#all.filter((heard) => heard.origin === origin);
  }

  allBytes(): readonly Uint8Array[] {
    return this.#all.map(({ bytes }) => bytes);
  }

  anyThere(origin: number): { readonly origin: number; readonly lsId: number } | undefined {
    const there = this.#there.filter((each) => each.origin === origin);
    return there.length === 0 ? undefined : this.#random.pick(there);
  }

  isThere(router: Router, origin: number, lsId: number): boolean {
    return router.lsdb.has(lsaKey(origin, lsId));
  }
}
