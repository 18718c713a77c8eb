import { formatRouterId, type RouterId } from '../model/index.js';

/** Why words are not those of the node in whose name they come, or not of its present life. */
export type Refusal = 'unsigned' | 'unknown-key' | 'wrong-proof' | 'earlier-life' | 'late-command';

/** How the last words of a node were. */
export type Standing = 'proven' | 'asked' | Refusal;

export const REFUSAL_WORDS: Readonly<Record<Refusal, string>> = {
  unsigned: 'it carries no proof',
  'unknown-key': 'it is signed by a key that is not listed for this node',
  'wrong-proof': 'its proof is wrong',
  'earlier-life': 'it is of an earlier life of its node',
  'late-command':
    'the command was signed more than five minutes before or after now, or long before the newest words of its node: do the clocks of the two nodes agree?',
};

/** What is shown of one node. */
export interface NodeStanding {
  /** A dotted quad. */
  readonly routerId: string;
  readonly standing: Standing;
  /** Announcements in its name that are not believed (`require`), or would not be (`sign`), since the start. */
  readonly refused: number;
  /** Why, of the last of them. */
  readonly lastRefusal: Refusal | null;
  /** When, Unix seconds. */
  readonly lastRefusedAt: number | null;
}

/** Somebody may invent any number of nodes. */
const MOST_NODES = 1000;

/** Counts what came in whose name. */
export class Standings {
  readonly #unixSeconds: () => number;
  #refused = 0;
  readonly #nodes = new Map<RouterId, Counted>();

  constructor(unixSeconds: () => number) {
    this.#unixSeconds = unixSeconds;
  }

  /** Of all nodes, also of those that are not told apart any more. */
  get refused(): number {
    return this.#refused;
  }

  accepted(origin: RouterId, standing: 'proven' | 'asked'): void {
    const node = this.#node(origin);
    if (node !== undefined) node.standing = standing;
  }

  /** `isIgnored`: it does not count. Returns whether it is the first of this kind in the name of this node. */
  refuse(origin: RouterId, refusal: Refusal, isIgnored: boolean): boolean {
    this.#refused++;
    const node = this.#node(origin);
    if (node === undefined) return false;
    node.refused++;
    node.lastRefusal = refusal;
    node.lastRefusedAt = this.#unixSeconds();
    // What somebody else says in the name of a node that proves its words changes nothing about that node.
    if (!isIgnored || node.standing !== 'proven') node.standing = refusal;
    if (node.told.has(refusal)) return false;
    node.told.add(refusal);
    return true;
  }

  list(): NodeStanding[] {
    return [...this.#nodes]
      .sort(([a], [b]) => a - b)
      .map(([id, { told: _, ...node }]) => ({ routerId: formatRouterId(id), ...node }));
  }

  /** Other keys count from now on. */
  forget(): void {
    this.#nodes.clear();
  }

  #node(origin: RouterId): Counted | undefined {
    const known = this.#nodes.get(origin);
    if (known !== undefined || this.#nodes.size >= MOST_NODES) return known;
    const node: Counted = {
      standing: 'asked',
      refused: 0,
      lastRefusal: null,
      lastRefusedAt: null,
      told: new Set(),
    };
    this.#nodes.set(origin, node);
    return node;
  }
}

interface Counted {
  standing: Standing;
  refused: number;
  lastRefusal: Refusal | null;
  lastRefusedAt: number | null;
  readonly told: Set<Refusal>;
}
