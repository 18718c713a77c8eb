import type { RevocationHolder } from '../cluster/index.js';
import type { RouterId } from '../model/index.js';

/** A list of an authority that others have newer than we do. */
export interface Wanted {
  readonly authority: string;
  /** The highest number that anybody told of. */
  readonly number: number;
  /** Whom to ask, in this order: the next one when one fails. Never empty. */
  readonly from: readonly RevocationHolder[];
  /** How long to wait before the first is asked, in ms. */
  readonly waitMs: number;
}

/** About what one answer costs its node, key exchange included, with some room. */
const TURN_MS = 50;

/**
 * Which lists to fetch, and from whom. `own`: the number that we have of each authority that counts here; 0: none.
 *
 * All nodes hear of a new list at the same moment, from one node. They are thought of as a ring in the order of their
 * router IDs; each waits for as many turns as there are nodes between it and the next one that has the list, and then
 * asks that one. So no node is asked by all at once, and most find the list with a neighbour on the ring by then. It needs
 * no random numbers: the same cluster does the same again.
 */
export function planFetches(
  self: RouterId,
  own: ReadonlyMap<string, number>,
  holders: readonly RevocationHolder[],
): Wanted[] {
  const ring = holders.toSorted((a, b) => distance(self, a.node) - distance(self, b.node));
  return [...own].flatMap(([authority, ownNumber]) => {
    const newer = ring.filter((holder) => numberOf(holder, authority) > ownNumber);
    // The sort is stable: of equal numbers the next on the ring comes first.
    const from = newer.toSorted((a, b) => numberOf(b, authority) - numberOf(a, authority));
    const [first] = from;
    if (first === undefined) return [];
    return [{ authority, number: numberOf(first, authority), from, waitMs: ring.indexOf(first) * TURN_MS }];
  });
}

function distance(self: RouterId, node: RouterId): number {
  return node > self ? node - self : node - self + 2 ** 32;
}

function numberOf({ lists }: RevocationHolder, authority: string): number {
  return lists.find((list) => list.authority === authority)?.number ?? 0;
}
