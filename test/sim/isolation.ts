import type { Event } from '../../src/cluster/index.js';
import type { Machine } from './machine.js';
import { Violation, type World } from './world.js';

/** What a node runs when it becomes isolated must be on its way out within this time. */
const LIMIT_MS = 5_000;
/** A daemon that was frozen past its leases kills what runs, and starts nothing before its joinHold of 2 s is over. */
const STOPPED_AFTER_MS = 500;
const STOPPED_UNTIL_MS = 2_000;

/** Watches that a node which hears nobody, or was frozen past its leases, stops what it runs: others will take over. */
export class Isolation {
  readonly #sinceMs = new Map<Machine, number>();
  readonly #overranMs = new Map<Machine, number>();

  daemonEnds(machine: Machine): void {
    this.#sinceMs.delete(machine);
    this.#overranMs.delete(machine);
  }

  /** Its daemon has handled an event. Throws a Violation. */
  handled(machine: Machine, event: Event, { plan, clock }: World): void {
    this.#checkIsolated(machine, clock.nowMs);
    this.#checkOverrun(machine, clock.nowMs);
    if (event.type === 'lease-overrun') this.#overranMs.set(machine, clock.nowMs);
    const keeps = plan.nodes[machine.index]?.onIsolation === 'keep';
    if (event.type === 'disconnected' || (event.type === 'neighbours' && event.full === 0 && !keeps)) {
      if (!this.#sinceMs.has(machine)) this.#sinceMs.set(machine, clock.nowMs);
    } else if (event.type === 'neighbours') this.#sinceMs.delete(machine);
  }

  #checkIsolated(machine: Machine, nowMs: number): void {
    const sinceMs = this.#sinceMs.get(machine);
    if (sinceMs === undefined || nowMs - Math.max(sinceMs, machine.thawedMs) < LIMIT_MS) return;
    nothingStarted(machine, `${Math.round(nowMs - sinceMs)} ms without a neighbour`);
  }

  #checkOverrun(machine: Machine, nowMs: number): void {
    const afterMs = nowMs - (this.#overranMs.get(machine) ?? Number.NEGATIVE_INFINITY);
    if (afterMs < STOPPED_AFTER_MS || afterMs >= STOPPED_UNTIL_MS) return;
    nothingStarted(machine, `its leases had run out, ${Math.round(afterMs)} ms ago`);
  }
}

function nothingStarted(machine: Machine, after: string): void {
  for (const [service, { run }] of machine.engine?.state.replicas ?? []) {
    if (run === 'started') throw new Violation('isolation', `${machine.name}: ${service} is started after ${after}`);
  }
}
