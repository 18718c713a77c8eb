import type { ClusterEvent } from '../events/index.js';

/** So long an event is kept in case that the node whose duty it is is lost: as long as a node tries to deliver it, in ms. */
export const HOLD_MS = 10 * 60_000;

/** Beyond this the oldest are forgotten. */
const MAX_HELD = 1000;

/** An event that this node has to tell. `repeated`: another node may have told it before it was lost. */
export interface Due {
  readonly event: ClusterEvent;
  readonly repeated: boolean;
}

/** The nodes as this one sees them now; router IDs as dotted quads. */
export interface Present {
  /** null: ospfd has not told it yet. */
  readonly self: string | null;
  /** Nodes that can be reached and whose daemons are there, without this one. */
  readonly others: readonly string[];
}

interface Held {
  readonly event: ClusterEvent;
  readonly atMs: number;
  readonly duty: string;
}

/**
 * Which node tells an event. Its own events each node tells itself. What the others judge of a node (it is lost, its route is
 * missing) the reachable node with the lowest router ID tells. All others keep the event for a while: when the node whose duty it is is
 * lost, the next one tells it, perhaps once more. A duplicate is better than a loss.
 */
export class Duty {
  readonly #present: () => Present;
  #held: Held[] = [];

  /** `present` is asked only when a node is judged or lost. */
  constructor(present: () => Present) {
    this.#present = present;
  }

  /** What this node has to tell now, oldest first. `self`: this node's router ID; null: not known yet. */
  heard(event: ClusterEvent, self: string | null, nowMs: number): Due[] {
    if (event.node === '' || event.node === self) return [{ event, repeated: false }];
    if (!isJudged(event)) {
      this.#hold({ event, atMs: nowMs, duty: event.node });
      return [];
    }
    // Once: when the network is divided, every node of the other part is lost at the same moment.
    const next = lowest(this.#present(), event.node);
    const taken = isLoss(event) ? this.#takeOver(event.node, { next, self, nowMs }) : [];
    if (next === self) return [...taken, { event, repeated: false }];
    this.#hold({ event, atMs: nowMs, duty: next });
    return taken;
  }

  #takeOver(lost: string, by: { readonly next: string; readonly self: string | null; readonly nowMs: number }): Due[] {
    const { next, self, nowMs } = by;
    const mine: Due[] = [];
    this.#held = this.#held
      .filter(({ atMs }) => nowMs - atMs <= HOLD_MS)
      .flatMap((held) => {
        if (held.duty !== lost) return [held];
        if (next !== self) return [{ ...held, duty: next }];
        mine.push({ event: held.event, repeated: true });
        return [];
      });
    return mine;
  }

  #hold(held: Held): void {
    this.#held.push(held);
    if (this.#held.length > 2 * MAX_HELD) this.#held = this.#held.slice(-MAX_HELD);
  }
}

/** The one of them with the lowest router ID, but not `except`. */
function lowest({ self, others }: Present, except: string): string {
  let least = self ?? '';
  let number = self === null || self === except ? Number.POSITIVE_INFINITY : numberOf(self);
  for (const node of others) {
    const its = node === except ? Number.POSITIVE_INFINITY : numberOf(node);
    if (its < number) [least, number] = [node, its];
  }
  return least;
}

function isLoss({ kind, to }: ClusterEvent): boolean {
  return kind === 'member' && (to === 'unreachable' || to === 'silent' || to === 'left');
}

/** Whether the others say this of the node, and not the node of itself: that is always a change of states. */
function isJudged({ kind, from, to }: ClusterEvent): boolean {
  if (kind === 'command' || kind === 'configuration') return false;
  return kind === 'member' || (from === null && to === null) || (kind === 'state' && to === null);
}

function numberOf(quad: string): number {
  return quad.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
