import type { Nonce } from '../lsa/index.js';
import type { Announcement, RouterId, Sequence } from '../model/index.js';

/** An epoch is the time of day at the start. One that is further ahead of our clock is asked about first. */
const DAY_SECONDS = 86_400;
/** So many are asked at a time, as many as a Daemon LSA has room for. */
const MOST_ASKED = 8;

/** The present life of a node, as far as is known. Kept across restarts. */
export interface Mark {
  readonly routerId: RouterId;
  readonly epoch: number;
  /** Of its newest Daemon announcement. */
  readonly counter: number;
  /** The highest epoch that it has had; above `epoch` if it has begun anew with a lower one. */
  readonly highest: number;
}

export type LifeVerdict =
  | 'present'
  /** It has answered: everything else of it is to be looked at again, and this as well. */
  | 'answered'
  /** It is to be asked from now on. */
  | 'to-ask'
  /** Nothing of it counts before it has answered. */
  | 'asked'
  /** It has another life by now. */
  | 'earlier-life'
  /** A Daemon announcement of the present life that a newer one has replaced: an old generation, or a replay. */
  | 'outdated';

export interface LivesOptions {
  readonly marks: readonly Mark[];
  /** 16 hexadecimal digits that nobody can guess. */
  readonly draw: () => string;
  readonly unixSeconds: () => number;
  /** `marks` are others now. */
  readonly changed: () => void;
}

/**
 * Which life of each node counts. A proof shows who said something, not when: whoever has kept an announcement of an earlier
 * life can flood it again. So the highest epoch of each node is remembered, and what is below it is not believed. Where that
 * says nothing (no memory of the node, or one that it contradicts), the node is asked with a number drawn for that, and
 * believed when its Daemon announcement repeats it. So a node that has lost its disk and its clock is believed again.
 */
export class Lives {
  readonly #options: LivesOptions;
  readonly #lives = new Map<RouterId, Life>();
  /** What we are asked by others, the last one last. Only proven words ask, so there are no more than listed nodes. */
  readonly #toAnswer = new Map<RouterId, { readonly nonce: string; isAnswered: boolean }>();

  constructor(options: LivesOptions) {
    this.#options = options;
    for (const { routerId, ...mark } of options.marks) this.#lives.set(routerId, { ...NEW, ...mark });
  }

  /** Of an announcement whose proof is good. `answer`: the number that it repeats for us. */
  judge(origin: RouterId, { kind, sequence }: Announcement, answer: string | undefined): LifeVerdict {
    const life = this.#lives.get(origin) ?? { ...NEW };
    this.#lives.set(origin, life);
    if (this.#isExpected(life, sequence.epoch)) {
      if (kind === 'daemon' && isBefore(sequence, life)) return 'outdated';
      this.#note(life, sequence, kind);
      return 'present';
    }
    if (kind !== 'daemon') return life.isHere ? 'earlier-life' : 'asked';
    if (answer !== undefined && answer === life.nonce) {
      Object.assign(life, { ...NEW, epoch: sequence.epoch, highest: Math.max(life.highest, sequence.epoch) });
      this.#options.changed();
      return 'answered';
    }
    if (life.isHere) return 'earlier-life';
    if (life.nonce !== null) return 'asked';
    Object.assign(life, { nonce: this.#options.draw(), timesAsked: 0 });
    return 'to-ask';
  }

  /** A Daemon announcement is withdrawn. Returns whether none of its life is there any more, and so another one may be asked about. */
  gone(origin: RouterId, { epoch, counter }: Sequence): boolean {
    const life = this.#lives.get(origin);
    if (life === undefined || !life.isHere || life.epoch !== epoch || life.counter !== counter) return false;
    life.isHere = false;
    return true;
  }

  /** The session with ospfd has ended. */
  allGone(): void {
    for (const life of this.#lives.values()) life.isHere = false;
    for (const asked of this.#toAnswer.values()) asked.isAnswered = false;
  }

  /** Another node's Daemon announcement asks us, or asks us no longer. Returns whether that is news. */
  isAskedBy(origin: RouterId, nonce: string | undefined): boolean {
    if (this.#toAnswer.get(origin)?.nonce === nonce) return false;
    this.#toAnswer.delete(origin);
    if (nonce === undefined) return false;
    this.#toAnswer.set(origin, { nonce, isAnswered: false });
    return true;
  }

  /**
   * What the next Daemon announcement asks: of the nodes that can be reached those that were asked least. So those that do not
   * answer keep nobody from being asked.
   */
  takeAsks(isReachable: (node: RouterId) => boolean): Nonce[] {
    const open = [...this.#lives].filter(([node, { nonce }]) => nonce !== null && isReachable(node));
    const next = open.sort(([, a], [, b]) => a.timesAsked - b.timesAsked).slice(0, MOST_ASKED);
    for (const [, life] of next) life.timesAsked++;
    return next.flatMap(([routerId, { nonce }]) => (nonce === null ? [] : [{ routerId, nonce }]));
  }

  /** One announcement had no room for all that can be reached and have not been asked yet. */
  hasUnasked(isReachable: (node: RouterId) => boolean): boolean {
    return [...this.#lives].some(
      ([node, { nonce, timesAsked }]) => nonce !== null && timesAsked === 0 && isReachable(node),
    );
  }

  /** Some of these nodes are to be asked. */
  isToAsk(nodes: readonly RouterId[]): boolean {
    return nodes.some((node) => (this.#lives.get(node)?.nonce ?? null) !== null);
  }

  /** Some nodes are asked, or are to be when others have answered. */
  get isAsking(): boolean {
    return [...this.#lives.values()].some(({ nonce }) => nonce !== null);
  }

  /** What the next Daemon announcement answers: who has had no answer yet comes first, then whoever asked last. */
  takeAnswers(): Nonce[] {
    const asked = [...this.#toAnswer];
    const open = asked.filter(([, { isAnswered }]) => !isAnswered);
    const answered = asked.filter(([, { isAnswered }]) => isAnswered).reverse();
    const next = [...open, ...answered].slice(0, MOST_ASKED);
    for (const [, question] of next) question.isAnswered = true;
    return next.map(([routerId, { nonce }]) => ({ routerId, nonce }));
  }

  /** One announcement had no room for all answers. */
  get isToAnswer(): boolean {
    return [...this.#toAnswer.values()].some(({ isAnswered }) => !isAnswered);
  }

  get marks(): Mark[] {
    return [...this.#lives].flatMap(([routerId, { epoch, counter, highest }]) =>
      epoch === null ? [] : [{ routerId, epoch, counter, highest }],
    );
  }

  /** The present epoch, or a new one that no earlier life has had and that the time of day can have given. */
  #isExpected({ epoch: present, highest }: Life, epoch: number): boolean {
    if (epoch === present) return true;
    return present !== null && epoch > highest && epoch <= Math.max(highest, this.#options.unixSeconds()) + DAY_SECONDS;
  }

  #note(life: Life, { epoch, counter }: Sequence, kind: Announcement['kind']): void {
    const before = { ...life };
    if (life.epoch !== epoch) Object.assign(life, { epoch, counter: 0, highest: epoch, isHere: false });
    life.nonce = null;
    if (kind === 'daemon') Object.assign(life, { counter, isHere: true });
    if (life.epoch !== before.epoch || life.counter !== before.counter) this.#options.changed();
  }
}

interface Life {
  /** null: nothing is remembered of this node. */
  epoch: number | null;
  counter: number;
  highest: number;
  /** A Daemon announcement of this life is there. */
  isHere: boolean;
  /** What it is asked; null: nothing. */
  nonce: string | null;
  timesAsked: number;
}

const NEW: Life = { epoch: null, counter: 0, highest: 0, isHere: false, nonce: null, timesAsked: 0 };

function isBefore({ epoch, counter }: Sequence, life: Life): boolean {
  return epoch === life.epoch && counter < life.counter;
}
