import { randomBytes } from 'node:crypto';
import type { Conversation, EncodeOptions } from '../lsa/index.js';
import type { Announcement, RouterId, Sequence } from '../model/index.js';
import type { ListedKey } from './key-list.js';
import { Lives, type Mark } from './lives.js';
import type { NodeKey, PublicKey } from './node-key.js';
import { type Place, Proofs, type ProofVerdict } from './proofs.js';
import { type NodeStanding, type Refusal, Standings } from './standing.js';

/** `sign`: this node proves what it says, and believes everybody. `require`: it believes what is proven alone. */
export type TrustMode = 'off' | 'sign' | 'require';

/** A command that was signed longer ago is not carried out. Kerberos asks the same of clocks (RFC 4120 section 1.6). */
const COMMAND_SECONDS = 300;
/** Nor one from so long before its node's newest Daemon announcement, by that node's own clock: a command is valid for 10 s. */
const BEFORE_WORD_SECONDS = 20;

/** What a node needs to prove its words, and to verify those of others. */
export interface TrustKeys {
  readonly own: NodeKey;
  readonly listed: readonly ListedKey[];
}

export interface TrustOptions {
  readonly cluster: string;
  readonly mode: TrustMode;
  /** null: `off`. */
  readonly keys: TrustKeys | null;
  readonly marks: readonly Mark[];
  /** `marks` has changed, and should be saved. */
  readonly changed: () => void;
  readonly unixSeconds: () => number;
  readonly draw?: () => string;
}

/** `ignored`: it says nothing that counts, and that is nobody's fault. */
export type Judgement = 'believed' | 'ignored' | Refusal;

/** What the transport does for it. */
export interface TrustListener {
  /** Our Daemon announcement has to go out again: it asks or answers something else now. */
  readonly speak: () => void;
  /** What the LSDB holds of this node may count now. */
  readonly lookAgain: (origin: RouterId) => void;
}

export interface TrustStatus {
  readonly mode: TrustMode;
  /** Of our own key; null: `off`. */
  readonly keyId: string | null;
  /** The sum over all nodes. */
  readonly refused: number;
  readonly nodes: readonly NodeStanding[];
}

/** Proves what this node says, and judges what comes in the name of others (docs/trust.md). */
export class Trust {
  readonly #options: TrustOptions;
  readonly #proofs: Proofs;
  readonly #lives: Lives;
  readonly #standings: Standings;
  /** By their own clocks, when the newest Daemon announcements of other nodes were signed, in Unix seconds. */
  readonly #spokeAt = new Map<RouterId, number>();
  /** When our last words were signed, in Unix seconds. */
  #provedAt = 0;
  #mode: TrustMode;
  #own: NodeKey | null = null;
  #listed = new Map<RouterId, PublicKey[]>();
  #listener: TrustListener = { speak: () => {}, lookAgain: () => {} };

  constructor(options: TrustOptions) {
    this.#options = options;
    this.#mode = options.mode;
    this.#standings = new Standings(options.unixSeconds);
    this.#proofs = new Proofs(options.cluster);
    const { marks, draw = drawNonce, changed } = options;
    this.#lives = new Lives({ marks, draw, changed });
    this.#use(options.keys);
  }

  get signs(): boolean {
    return this.#own !== null;
  }

  get requires(): boolean {
    return this.#mode === 'require';
  }

  get marks(): readonly Mark[] {
    return this.#lives.marks;
  }

  get status(): TrustStatus {
    const keyId = this.#own?.publicKey.id ?? null;
    return { mode: this.#mode, keyId, refused: this.#standings.refused, nodes: this.#standings.list() };
  }

  listen(listener: TrustListener): void {
    this.#listener = listener;
  }

  /**
   * Other keys, or another mode, from now on. Returns whether they are others: then what is out and what has come has to be
   * looked at again.
   */
  reload(mode: TrustMode, keys: TrustKeys | null): boolean {
    const before = this.#described();
    this.#mode = mode;
    this.#use(keys);
    if (this.#described() === before) return false;
    this.#standings.forget();
    return true;
  }

  /** The body as it is to be flooded. */
  prove(body: Uint8Array, place: Place): Uint8Array {
    if (this.#own === null) return body;
    const now = this.#options.unixSeconds();
    // Our clock was set back: until the others hear a Daemon announcement by the new one they take our commands for old.
    if (now < this.#provedAt) queueMicrotask(() => this.#listener.speak());
    this.#provedAt = now;
    return this.#proofs.make(body, place, this.#own, now);
  }

  /** Before anything else of the body is read. `self`: our own router ID, for which our own key always counts. */
  verify(body: Uint8Array, place: Place, self: RouterId | null): ProofVerdict {
    const listed = this.#listed.get(place.origin) ?? [];
    const own = place.origin === self && this.#own !== null ? [this.#own.publicKey] : [];
    return this.#proofs.verify(body, place, [...own, ...listed]);
  }

  /** What was proven and read: is it of the life that counts? `provenAt`: Unix seconds by the origin's clock. */
  judge(origin: RouterId, provenAt: number, decoded: Proven, self: RouterId | null): Judgement {
    const { announcement, conversation = SILENCE } = decoded;
    const verdict = this.#lives.judge(origin, announcement, nonceFor(self, conversation.answers));
    const isOld = verdict === 'earlier-life' || verdict === 'outdated';
    if (announcement.kind === 'daemon' && !isOld) {
      const isNews = this.#lives.isAskedBy(origin, nonceFor(self, conversation.asks));
      if (isNews || verdict === 'to-ask') this.#listener.speak();
    }
    const isPresent = verdict === 'present' || verdict === 'present still';
    if (verdict === 'answered' || verdict === 'present still') {
      this.#listener.lookAgain(origin);
      // There is room for the next ones.
      if (this.#lives.isAsking) this.#listener.speak();
    }
    if (verdict === 'earlier-life') return verdict;
    if (announcement.kind === 'command' && this.#isLate(origin, provenAt)) return 'late-command';
    if (announcement.kind === 'daemon' && isPresent) this.#spokeAt.set(origin, provenAt);
    if (verdict !== 'outdated') this.#standings.accepted(origin, isPresent ? 'proven' : 'asked');
    return isPresent ? 'believed' : 'ignored';
  }

  /** Our own words need no judgement. */
  ownHeard(origin: RouterId): void {
    this.#standings.accepted(origin, 'proven');
  }

  /** Returns whether it is the first of this kind in the name of this node. */
  refuse(origin: RouterId, refusal: Refusal): boolean {
    return this.#standings.refuse(origin, refusal, this.requires);
  }

  /** What a body is to have room for, and what our Daemon announcement asks and answers. It counts as flooded then. */
  encoding(kind: Announcement['kind'], isReachable: (node: RouterId) => boolean): EncodeOptions {
    if (!this.signs || kind !== 'daemon') return { forProof: this.signs, conversation: SILENCE };
    const conversation = { asks: this.#lives.takeAsks(isReachable), answers: this.#lives.takeAnswers() };
    if (this.#lives.isToAnswer || this.#lives.hasUnasked(isReachable)) queueMicrotask(() => this.#listener.speak());
    return { forProof: true, conversation };
  }

  /** These nodes can be reached now: those of them that are still to be asked are. */
  reached(nodes: readonly RouterId[]): void {
    if (this.#lives.isToAsk(nodes)) this.#listener.speak();
  }

  daemonWithdrawn(origin: RouterId, sequence: Sequence): void {
    if (this.#lives.gone(origin, sequence)) this.#listener.lookAgain(origin);
  }

  sessionEnded(): void {
    this.#lives.allGone();
  }

  #use(keys: TrustKeys | null): void {
    this.#own = keys?.own ?? null;
    this.#listed = new Map();
    for (const { routerId, key } of keys?.listed ?? []) {
      this.#listed.set(routerId, [...(this.#listed.get(routerId) ?? []), key]);
    }
  }

  #described(): string {
    const listed = [...this.#listed].map(([node, keys]) => `${node} ${keys.map(({ id }) => id).join(' ')}`);
    return [this.#mode, this.#own?.publicKey.id, ...listed.sort()].join('\n');
  }

  #isLate(origin: RouterId, provenAt: number): boolean {
    const spokeAt = this.#spokeAt.get(origin) ?? provenAt;
    const isOld = spokeAt - provenAt > BEFORE_WORD_SECONDS;
    return isOld || Math.abs(this.#options.unixSeconds() - provenAt) > COMMAND_SECONDS;
  }
}

/** `off`. */
export function believeEverybody(cluster: string): Trust {
  return new Trust({ cluster, mode: 'off', keys: null, marks: [], changed: () => {}, unixSeconds: () => 0 });
}

interface Proven {
  readonly announcement: Announcement;
  readonly conversation?: Conversation;
}

const SILENCE: Conversation = { asks: [], answers: [] };

function nonceFor(self: RouterId | null, nonces: Conversation['asks']): string | undefined {
  return nonces.find(({ routerId }) => routerId === self)?.nonce;
}

function drawNonce(): string {
  return randomBytes(8).toString('hex');
}
