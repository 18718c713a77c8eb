import { type RouterId, routerId } from '../../src/model/index.js';
import type { OspfParameters } from './ospf/parameters.js';
import type { Random } from './random.js';

/** Links between `nodes` nodes and `transit` further routers, as pairs of indexes, so that all are connected. */
export function randomLinks(random: Random, nodes: number, transit: number): (readonly [number, number])[] {
  const links: (readonly [number, number])[] = [];
  const add = (a: number, b: number): void => {
    if (a !== b && !links.some(([x, y]) => (x === a && y === b) || (x === b && y === a))) links.push([a, b]);
  };
  const all = nodes + transit;
  if (transit > 0 && random.chance(0.6)) {
    // Every node hangs on one or two routers, which are joined.
    for (let index = 1; index < transit; index++) add(nodes + index - 1, nodes + index);
    for (let node = 0; node < nodes; node++) {
      add(node, nodes + random.int(0, transit - 1));
      if (random.chance(0.4)) add(node, nodes + random.int(0, transit - 1));
    }
    return links;
  }
  for (let index = 1; index < all; index++) add(index, random.int(0, index - 1));
  for (let extra = random.int(0, all); extra > 0; extra--) add(random.int(0, all - 1), random.int(0, all - 1));
  return links;
}

/** Whether all routers but this one are joined without it. */
export function isConnectedWithout(
  gone: number,
  count: number,
  links: readonly (readonly [number, number])[],
): boolean {
  const first = gone === 0 ? 1 : 0;
  const met = new Set([first]);
  for (const index of met) {
    for (const [a, b] of links) {
      if (a === gone || b === gone) continue;
      if (a === index) met.add(b);
      if (b === index) met.add(a);
    }
  }
  return met.size === count - 1;
}

/** Router IDs in random order, some with the highest bit set: they are unsigned. */
export function randomRouterIds(random: Random, count: number): RouterId[] {
  const ids = new Set<number>();
  while (ids.size < count) {
    ids.add((random.pick([0x0a000000, 0x0a000000, 0xac100000, 0xe0000000]) + random.int(1, 250)) >>> 0);
  }
  return [...ids].sort(() => random.next() - 0.5).map(routerId);
}

export function randomOspf(random: Random): OspfParameters {
  const fast = random.chance(0.7);
  return {
    hopMs: [1, random.pick([2, 4, 4, 20])],
    loss: random.weighted([
      [0, 3],
      [0.01, 4],
      [0.05, 2],
      [0.2, 1],
    ]),
    minArrivalMs: fast ? 0 : 1_000,
    routerLsaIntervalMs: fast ? 0 : random.pick([1_000, 5_000]),
    detectionMs: random.pick([
      [100, 200],
      [100, 200],
      [700, 1_000],
      [3, 4_000],
    ] as const),
    helloMs: random.pick([
      [50, 500],
      [50, 500],
      [500, 2_000],
    ] as const),
    spfMs: fast ? [1, 50] : [50, 1_000],
    maxAgeMs: random.pick([10_000, 60_000]),
    alwaysReady: random.chance(0.3),
  };
}
