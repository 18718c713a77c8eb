import type { Subject, TransportEvent } from '../cluster/event.js';
import type { RouterId } from '../cluster/router-id.js';
import { GENERATIONS } from './generations.js';
import { type MemoryLsa, MemoryLsdb } from './in-memory-lsdb.js';
import { COMMAND_SERIES, DAEMON_SERIES, formatLsaId } from './link-state-id.js';
import { subjectKey, subjectOf } from './subject.js';

/** 256 to 511 are not for services. */
const RESERVED = 256;

/** A daemon as its simulated ospfd sees it. */
export interface MemoryDaemon {
  heard(event: TransportEvent): void;
  /** A session has begun: flood everything. */
  flood(): void;
  /** The first neighbour became Full: flood what could not go out. */
  ready(): void;
}

/** One router with its ospfd and, while one is attached, its daemon. */
export class MemoryNode {
  readonly router: RouterId;
  lsdb = new MemoryLsdb();
  daemon: MemoryDaemon | null = null;
  /** Counts sessions, so that what belongs to an earlier one is not told in a later one. */
  session = 0;
  inSession = false;
  /** The link state IDs that the daemon has out in this session. */
  readonly out = new Set<string>();
  #reachable: ReadonlySet<RouterId> = new Set();
  #neighbours = 0;
  readonly #series = new Map<string, number>();
  readonly #generations = new Map<number, number>();

  constructor(router: RouterId) {
    this.router = router;
  }

  /** A link state ID for a new announcement of this subject. Numbers are kept across lives, as the daemon's are. */
  nextLsaId(subject: Subject): string {
    const series = this.#seriesOf(subject);
    const generation = ((this.#generations.get(series) ?? -1) + 1) % GENERATIONS;
    this.#generations.set(series, generation);
    return formatLsaId({ generation, series });
  }

  beginSession(reachable: ReadonlySet<RouterId>, neighbours: number): void {
    this.inSession = true;
    this.#reachable = reachable;
    this.#neighbours = neighbours;
    this.#emit({ type: 'connected', routerId: this.router });
    if (reachable.size > 0) this.#emit({ type: 'reachability', added: [...reachable], removed: [] });
    for (const lsa of this.lsdb.list()) this.tell(lsa, null);
    this.#emit({ type: 'neighbours', full: neighbours });
    this.#emit({ type: 'synced' });
    this.daemon?.flood();
  }

  endSession(reason: string): void {
    if (!this.inSession) return;
    this.inSession = false;
    this.#emit({ type: 'disconnected', reason });
  }

  tell(lsa: MemoryLsa, previous: MemoryLsa | null): void {
    if (!this.inSession) return;
    const { origin, lsaId, announcement } = lsa;
    const before = previous?.announcement ?? null;
    if (announcement !== null) {
      this.#emit({ type: 'announcement', origin, lsaId, ageSeconds: 0, announcement });
    } else if (before !== null) {
      this.#emit({ type: 'withdrawal', origin, lsaId, subject: subjectOf(before), sequence: before.sequence });
    }
  }

  tellTopology(reachable: ReadonlySet<RouterId>, neighbours: number): void {
    if (!this.inSession) return;
    const added = [...reachable].filter((router) => !this.#reachable.has(router));
    const removed = [...this.#reachable].filter((router) => !reachable.has(router));
    const before = this.#neighbours;
    this.#reachable = reachable;
    this.#neighbours = neighbours;
    if (neighbours !== before) this.#emit({ type: 'neighbours', full: neighbours });
    if (added.length + removed.length > 0) this.#emit({ type: 'reachability', added, removed });
    if (before === 0 && neighbours > 0) this.daemon?.ready();
  }

  #emit(event: TransportEvent): void {
    this.daemon?.heard(event);
  }

  #seriesOf(subject: Subject): number {
    if (subject.kind === 'daemon') return DAEMON_SERIES;
    if (subject.kind === 'command') return COMMAND_SERIES;
    const known = this.#series.get(subjectKey(subject));
    if (known !== undefined) return known;
    const number = this.#series.size < DAEMON_SERIES ? this.#series.size : this.#series.size + RESERVED;
    this.#series.set(subjectKey(subject), number);
    return number;
  }
}
