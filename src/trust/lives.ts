import type { Nonce } from '../lsa/index.js';
import type { Announcement, RouterId, Sequence } from '../model/index.js';

/** So many are asked at a time, as many as a Daemon LSA has room for. */
const MOST_ASKED = 8;
/** Questions of one node that wait for their answer: its present one, and old ones that somebody floods again. */
const MOST_QUESTIONS = 8;

/** The present life of a node, as far as is known. Kept across restarts. */
export interface Mark {
  readonly routerId: RouterId;
  readonly epoch: number;
  /** Of its newest Daemon announcement. */
  readonly counter: number;
  /** The highest epoch that it has had; above `epoch` if it has begun anew with a lower one, or one was not its present one. */
  readonly highest: number;
}

export type LifeVerdict =
  | 'present'
  /** So it says itself; a later one has come while it was asked, and is to be looked at again. */
  | 'present still'
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
  /** `marks` are others now. */
  readonly changed: () => void;
}

/**
 * Which life of each node counts. A proof shows who said something, not when: whoever has kept an announcement of an earlier
 * life can flood it again, also of one that we never heard of. So the present epoch of each node is remembered, and another one
 * is believed when the node says so itself: it is asked with a number drawn for that, which its Daemon announcement repeats.
 */
export class Lives {
  readonly #options: LivesOptions;
  readonly #lives = new Map<RouterId, Life>();
  /** What we are asked by others, the last one last. Only proven words ask, so there are no more than listed nodes. */
  readonly #toAnswer = new Map<RouterId, readonly Question[]>();

  constructor(options: LivesOptions) {
    this.#options = options;
    for (const { routerId, ...mark } of options.marks) this.#lives.set(routerId, { ...NEW, ...mark });
  }

  /** Of an announcement whose proof is good. `answer`: the number that it repeats for us. */
  judge(origin: RouterId, { kind, sequence }: Announcement, answer: string | undefined): LifeVerdict {
    const life = this.#lives.get(origin) ?? { ...NEW };
    this.#lives.set(origin, life);
    const { epoch } = sequence;
    const isAnswer = kind === 'daemon' && answer !== undefined && answer === life.nonce;
    if (epoch === life.epoch) {
      const hasLater = isAnswer && this.#goesOn(life);
      if (kind === 'daemon' && sequence.counter < life.counter) return 'outdated';
      if (kind === 'daemon') this.#note(life, sequence.counter);
      return hasLater ? 'present still' : 'present';
    }
    if (isAnswer) {
      Object.assign(life, { ...NEW, epoch, highest: Math.max(life.highest, epoch) });
      this.#options.changed();
      return 'answered';
    }
    if (life.isHere && epoch <= life.highest) return 'earlier-life';
    if (kind !== 'daemon') return 'asked';
    if (life.nonce !== null) {
      life.cameSince = Math.max(life.cameSince, epoch);
      return 'asked';
    }
    Object.assign(life, { nonce: this.#options.draw(), timesAsked: 0, askedAbout: epoch, cameSince: 0 });
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
    for (const [, question] of this.#questions()) question.isAnswered = false;
  }

  /**
   * Another node's Daemon announcement asks us, or asks us no longer. Returns whether that is news. Old questions that somebody
   * floods again do not take the place of the present one.
   */
  isAskedBy(origin: RouterId, nonce: string | undefined): boolean {
    const all = this.#toAnswer.get(origin) ?? [];
    if (nonce !== undefined && all.some((question) => question.nonce === nonce)) return false;
    const open = all.filter(({ isAnswered }) => !isAnswered);
    const next = nonce === undefined ? open : [...all, { nonce, isAnswered: false }].slice(-MOST_QUESTIONS);
    if (next.length === 0) this.#toAnswer.delete(origin);
    else this.#toAnswer.set(origin, next);
    return nonce !== undefined;
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
    const asked = this.#questions();
    const open = asked.filter(([, { isAnswered }]) => !isAnswered);
    const answered = asked.filter(([, { isAnswered }]) => isAnswered).reverse();
    const next = [...open, ...answered].slice(0, MOST_ASKED);
    for (const [, question] of next) question.isAnswered = true;
    return next.map(([routerId, { nonce }]) => ({ routerId, nonce }));
  }

  /** One announcement had no room for all answers. */
  get isToAnswer(): boolean {
    return this.#questions().some(([, { isAnswered }]) => !isAnswered);
  }

  #questions(): [RouterId, Question][] {
    return [...this.#toAnswer].flatMap(([node, questions]) =>
      questions.map((question): [RouterId, Question] => [node, question]),
    );
  }

  get marks(): Mark[] {
    return [...this.#lives].flatMap(([routerId, { epoch, counter, highest }]) =>
      epoch === null ? [] : [{ routerId, epoch, counter, highest }],
    );
  }

  /**
   * It has answered in the life that counts: what it was asked about is none that follows. What came since may be one, that began
   * after the answer and overtook it. Returns whether there is any.
   */
  #goesOn(life: Life): boolean {
    const highest = Math.max(life.highest, life.askedAbout);
    const isNews = highest !== life.highest;
    const hasLater = life.cameSince > highest;
    Object.assign(life, { nonce: null, askedAbout: 0, cameSince: 0, highest });
    if (isNews) this.#options.changed();
    return hasLater;
  }

  #note(life: Life, counter: number): void {
    const isNews = counter !== life.counter;
    Object.assign(life, { counter, isHere: true });
    if (isNews) this.#options.changed();
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
  /** The epoch that it is asked about. */
  askedAbout: number;
  /** The highest one that came while it was asked. */
  cameSince: number;
}

interface Question {
  readonly nonce: string;
  isAnswered: boolean;
}

const NEW: Life = {
  epoch: null,
  counter: 0,
  highest: 0,
  isHere: false,
  nonce: null,
  timesAsked: 0,
  askedAbout: 0,
  cameSince: 0,
};
