import type { ClusterEvent } from '../events/index.js';
import { type FailoverCause, forgetFirst, MAX_KNOWN, Owners } from './owners.js';

/** `unknown`: this node's srrd did not run, was isolated, or had not heard of the service. */
export type AwayCause = FailoverCause | 'unknown';

/** From when until when one node had a service, or none. Times are Unix milliseconds. */
export interface OwnershipSpan {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Router ID; null: nobody had it, or nobody knows. */
  readonly owner: string | null;
  /** Why nobody had it; null: somebody had. */
  readonly cause: AwayCause | null;
  /** What was said when it began; empty: nothing is kept of that. */
  readonly text: string;
}

export interface ServiceAvailability {
  readonly service: string;
  /** Oldest first, without gaps. */
  readonly spans: readonly OwnershipSpan[];
  /**
   * Between 0 and 1: how much of the time it was there, of that of which something is known and in which no operator had taken it
   * away; null: of none.
   */
  readonly share: number | null;
}

export interface Period {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Of more the oldest are told as one of which nothing is known. */
const MAX_SPANS = 300;

type Begun = Omit<OwnershipSpan, 'untilMs'>;

/** Who had each service when, as far as the events of one node say. Takes them oldest first. */
export class Availability {
  readonly #spans = new Map<string, Begun[]>();
  #owners = new Owners();
  /**
   * When this node's srrd began, or came back into the cluster: what it does not tell of was so since then. null: it has ended or is
   * isolated, and what it does then, such as stopping its own, says nothing of the others.
   */
  #listensSinceMs: number | null = null;
  #lastHeardMs: number | null = null;
  #hasEnded = false;
  /** The services that each node has or had last: they are what it concerns when it comes or goes. */
  readonly #lastOf = new Map<string, Set<string>>();

  heard(event: ClusterEvent): void {
    const atMs = Date.parse(event.at);
    if (this.#lastHeardMs === null) this.#listensSinceMs = atMs;
    if (event.kind === 'node') this.#self(event, atMs);
    this.#lastHeardMs = atMs;
    if (this.#listensSinceMs === null) return;
    const { service, text } = event;
    const before = service === null ? undefined : this.#owners.now(service)?.owner;
    this.#owners.heard(event, atMs);
    if (service !== null) {
      this.#moved(service, before);
      this.#settle(service, text, atMs);
    } else if (event.kind === 'member') {
      for (const its of this.#lastOf.get(event.node) ?? []) this.#settle(its, text, atMs);
    }
  }

  /** `present`: who has each service now, which also tells of those that nothing was heard of. */
  of({ fromMs, untilMs }: Period, present: ReadonlyMap<string, string | null>): ServiceAvailability[] {
    for (const [service, owner] of present) if (owner !== null) this.#hasBeenOf(service, owner);
    return [...this.#spans]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([service, begun]) => {
        const ended = begun.map((span, index) => ({ ...span, untilMs: begun[index + 1]?.fromMs ?? untilMs }));
        const within = ended.filter((span) => span.untilMs > fromMs && span.fromMs < untilMs);
        const spans = withoutGaps(within, { fromMs, untilMs }).filter((span) => span.untilMs > span.fromMs);
        return { service, spans, share: shareOf(spans) };
      })
      .filter(({ spans }) => spans.some(({ cause }) => cause !== 'unknown'));
  }

  /** While srrd does not run or is isolated, the others may do what this node does not hear of. */
  #self({ to, text }: ClusterEvent, atMs: number): void {
    if (to === 'joining' || to === 'member') {
      if (!this.#hasEnded) this.#listensSinceMs ??= atMs;
      return;
    }
    if (to !== 'begun' && to !== 'ending' && to !== 'isolated') return;
    // Nobody says when a daemon was killed: some time after what it told last.
    if (to === 'begun' && this.#listensSinceMs !== null) this.#knowsNothing(this.#lastHeardMs ?? atMs, text);
    this.#hasEnded = to === 'ending';
    this.#owners = new Owners();
    this.#lastOf.clear();
    this.#listensSinceMs = to === 'begun' ? atMs : null;
    this.#knowsNothing(atMs, text);
  }

  #knowsNothing(atMs: number, text: string): void {
    for (const service of this.#spans.keys())
      this.#begin(service, { fromMs: atMs, owner: null, cause: 'unknown', text });
  }

  #settle(service: string, text: string, atMs: number): void {
    const now = this.#owners.now(service);
    if (now === null) return;
    if (now.loss === null) return this.#begin(service, { fromMs: atMs, owner: now.owner, cause: null, text });
    this.#hasBeenOf(service, now.owner);
    this.#begin(service, { fromMs: atMs, owner: null, cause: now.loss.cause, text });
  }

  #moved(service: string, before: string | undefined): void {
    const owner = this.#owners.now(service)?.owner;
    if (owner === undefined || owner === before) return;
    if (before !== undefined) this.#lastOf.get(before)?.delete(service);
    this.#lastOf.set(owner, (this.#lastOf.get(owner) ?? new Set()).add(service));
  }

  /** Nothing was heard of it since this node listens: so the owner was the same all the time. */
  #hasBeenOf(service: string, owner: string): void {
    const last = this.#spans.get(service)?.at(-1);
    if (this.#listensSinceMs === null || (last !== undefined && last.cause !== 'unknown')) return;
    this.#begin(service, { fromMs: this.#listensSinceMs, owner, cause: null, text: '' });
  }

  #begin(service: string, span: Begun): void {
    const spans = this.#spans.get(service) ?? this.#first(service);
    const last = spans.at(-1);
    if (last?.owner === span.owner && last.cause === span.cause) return;
    // It became clear why, or nothing lasted. What an operator took away and then failed is an outage from there on.
    const isSame = last !== undefined && isOutage(last) && isOutage(span) && last.cause !== 'command';
    if (last !== undefined && (last.fromMs === span.fromMs || isSame)) {
      spans[spans.length - 1] = { ...span, fromMs: last.fromMs };
    } else {
      spans.push(span);
      if (spans.length > 2 * MAX_SPANS) spans.splice(0, MAX_SPANS);
    }
  }

  /** Services come and go for ever: beyond what a node keeps, the ones heard of first are forgotten. */
  #first(service: string): Begun[] {
    const spans: Begun[] = [];
    this.#spans.set(service, spans);
    if (this.#spans.size > MAX_KNOWN) forgetFirst(this.#spans);
    return spans;
  }
}

function isOutage({ owner, cause }: Pick<OwnershipSpan, 'owner' | 'cause'>): boolean {
  return owner === null && cause !== 'unknown';
}

function withoutGaps(spans: readonly OwnershipSpan[], { fromMs, untilMs }: Period): OwnershipSpan[] {
  const kept = spans.slice(-MAX_SPANS);
  const [first] = kept;
  const clipped = kept.map((span) => ({ ...span, fromMs: Math.max(span.fromMs, fromMs) }));
  if (first !== undefined && first.fromMs <= fromMs) return clipped;
  const before = { fromMs, untilMs: first?.fromMs ?? untilMs, owner: null, cause: 'unknown', text: '' } as const;
  return [before, ...clipped];
}

function shareOf(spans: readonly OwnershipSpan[]): number | null {
  let owned = 0;
  let missed = 0;
  for (const { owner, cause, fromMs, untilMs } of spans) {
    if (owner !== null) owned += untilMs - fromMs;
    else if (cause !== 'unknown' && cause !== 'command') missed += untilMs - fromMs;
  }
  return owned + missed === 0 ? null : owned / (owned + missed);
}
