import type { Machine } from './machine.js';
import { Violation, type World } from './world.js';

/** Why two nodes could run the same at once, as far as it is nobody's fault. */
export type Explanation =
  | 'partition'
  | 'dead daemon'
  | 'frozen daemon'
  | 'left behind'
  | 'cleared too early'
  /** Of services only: their gate does not wait for these. */
  | 'failed stop'
  | 'no route'
  | 'handover overlap';

/** A daemon that ran again no longer ago than this may not have heard what happened meanwhile. */
const JUST_NOW_MS = 11_000;

/** How long a command and its consequences may be under way. */
const COMMAND_REACH_MS = 30_000;

/** How two nodes of one connected network ran the same thing at once, measured on what really runs. */
export interface Overlap {
  readonly service: string;
  readonly kind: 'service' | 'resource';
  readonly explanation: Explanation | null;
  /** How long, while the two could reach each other. */
  readonly connectedMs: number;
}

interface Running {
  readonly machine: Machine;
  readonly sinceMs: number;
}

interface OpenOverlap {
  readonly service: string;
  readonly a: Running;
  readonly b: Running;
  readonly explanation: Explanation | null;
}

/** Watches who runs what. Two nodes of one connected network never run a resource at once. */
export class Exclusion {
  readonly overlaps: Overlap[] = [];
  /** Services that run on a machine without its daemon's knowledge: it lost its state directory. */
  readonly leftBehind = new Set<string>();
  readonly #running = new Map<string, Running[]>();
  readonly #open: OpenOverlap[] = [];
  readonly #strict: boolean;
  readonly #kindOf: (service: string) => 'service' | 'resource';
  readonly #confirmedMs = new Map<string, number>();
  world: World | null = null;

  /** `strict`: an unexplained overlap of a resource is a violation, else it is only counted. */
  constructor(strict: boolean, kindOf: (service: string) => 'service' | 'resource') {
    this.#strict = strict;
    this.#kindOf = kindOf;
  }

  begins(machine: Machine, service: string): void {
    const begun = { machine, sinceMs: this.#nowMs() };
    const others = this.#running.get(service) ?? [];
    for (const other of others) {
      const explanation = this.#explain(other.machine, machine, service);
      this.#open.push({ service, a: other, b: begun, explanation });
      if (explanation === null && this.#strict && this.#kindOf(service) === 'resource') {
        throw new Violation(
          'exclusion',
          `${machine.name} starts resource ${service}, which ${other.machine.name} runs`,
        );
      }
      if (explanation === 'dead daemon' && this.#strict && this.#mustRemember(machine, other, service)) {
        throw new Violation(
          'holder',
          `${machine.name} starts resource ${service}, though it heard that ${other.machine.name}, whose daemon died, runs it`,
        );
      }
      if (explanation === null && knowsHolder(machine, other.machine, service)) {
        throw new Violation(
          'gate',
          `${machine.name} starts ${service}, though it knows that ${other.machine.name} runs it`,
        );
      }
    }
    this.#running.set(service, [...others, begun]);
  }

  ends(machine: Machine, service: string): void {
    this.leftBehind.delete(`${machine.index} ${service}`);
    const all = this.#running.get(service) ?? [];
    const ended = all.find((running) => running.machine === machine);
    if (ended === undefined) return;
    this.#running.set(
      service,
      all.filter((running) => running !== ended),
    );
    for (let index = this.#open.length - 1; index >= 0; index--) {
      const overlap = this.#open[index];
      if (overlap === undefined || (overlap.a !== ended && overlap.b !== ended)) continue;
      this.#open.splice(index, 1);
      this.#close(overlap);
    }
  }

  /** An operator says that nobody uses the service any more: it may take a while until that is carried out. */
  confirmed(service: string): void {
    this.#confirmedMs.set(service, this.#nowMs());
  }

  /** When somebody last said so. */
  confirmedMs(service: string): number {
    return this.#confirmedMs.get(service) ?? Number.NEGATIVE_INFINITY;
  }

  /** The machines on which the service runs. */
  runners(service: string): Machine[] {
    return (this.#running.get(service) ?? []).map(({ machine }) => machine);
  }

  #close({ service, a, b, explanation }: OpenOverlap): void {
    const connectedSinceMs = connectedSince(a.machine, b.machine);
    const fromMs = Math.max(a.sinceMs, b.sinceMs, connectedSinceMs);
    const connectedMs = Math.max(0, this.#nowMs() - fromMs);
    this.overlaps.push({ service, kind: this.#kindOf(service), explanation, connectedMs });
  }

  /** Why `late` could not know that `early` runs the service; null if it had to know. */
  #explain(early: Machine, late: Machine, service: string): Explanation | null {
    const nowMs = this.#nowMs();
    if (this.leftBehind.has(`${early.index} ${service}`)) return 'left behind';
    for (const machine of [early, late]) {
      if (machine.frozenSinceMs !== null || nowMs - machine.thawedMs < JUST_NOW_MS) return 'frozen daemon';
    }
    if (early.engine === null || nowMs - early.daemonSinceMs < JUST_NOW_MS) return 'dead daemon';
    if (late.reachableSinceMs(early.id) === undefined || this.#wereApartUnnoticed(early, late)) return 'partition';
    if (nowMs - this.confirmedMs(service) < COMMAND_REACH_MS) return 'cleared too early';
    return this.#kindOf(service) === 'service' ? explainService(early, service) : null;
  }

  /** The way between them was cut, or is, and `late` was not told: the news were lost, or the cut was a short one. */
  #wereApartUnnoticed(early: Machine, late: Machine): boolean {
    const apartMs = this.world?.network.connectivity.lastApartMs(early.router, late.router) ?? Number.NEGATIVE_INFINITY;
    const toldMs = late.reachableSinceMs(early.id) ?? Number.NEGATIVE_INFINITY;
    return apartMs > this.#nowMs() - JUST_NOW_MS && toldMs < apartMs;
  }

  /** It has reached the node ever since the resource was begun there, has heard of it, and nobody has confirmed that it is stopped. */
  #mustRemember(late: Machine, early: Running, service: string): boolean {
    if (this.#kindOf(service) !== 'resource' || early.machine.engine !== null) return false;
    if ((late.reachableSinceMs(early.machine.id) ?? Number.POSITIVE_INFINITY) > early.sinceMs) return false;
    if (this.confirmedMs(service) > early.sinceMs) return false;
    const last = late.engine?.state.view.replicas.get(service)?.get(early.machine.id)?.announcement;
    return last !== undefined && ['starting', 'started', 'stopping'].includes(last.runState);
  }

  #nowMs(): number {
    return this.world?.clock.nowMs ?? 0;
  }
}

/** Whether a node has heard, and has no reason to suspicion, that the other one uses the service. */
function knowsHolder(late: Machine, early: Machine, service: string): boolean {
  const state = late.engine?.state;
  const observed = state?.view.replicas.get(service)?.get(early.id);
  if (state === undefined || observed === undefined || state.phase === 'alone') return false;
  const node = state.view.nodes.get(early.id);
  const counts = observed.presence === 'held' && !observed.routeless && node?.reachable === true && !node.silent;
  return counts && ['starting', 'started', 'stopping'].includes(observed.announcement.runState);
}

function explainService(early: Machine, service: string): Explanation | null {
  const replica = early.engine?.state.replicas.get(service);
  if (replica?.run === 'failed') return 'failed stop';
  if (replica?.definition.handover === 'overlap') return 'handover overlap';
  const stubs = early.router.stubs;
  return replica?.definition.addresses.every((address) => stubs.has(address)) ? null : 'no route';
}

/** Since when each of the two was told that it reaches the other; infinity if they do not. */
export function connectedSince(a: Machine, b: Machine): number {
  const never = Number.POSITIVE_INFINITY;
  return Math.max(a.reachableSinceMs(b.id) ?? never, b.reachableSinceMs(a.id) ?? never);
}
