import type { Event } from '../../src/cluster/index.js';
import type { Machine } from './machine.js';
import { Violation, type World } from './world.js';

/** What a node runs when it becomes isolated must be on its way out within this time. */
const LIMIT_MS = 5_000;

/** Watches that a node which hears nobody stops what it runs: the others give it takeoverDelay, and then take over. */
export class Isolation {
  readonly #sinceMs = new Map<Machine, number>();

  daemonEnds(machine: Machine): void {
    this.#sinceMs.delete(machine);
  }

  /** Its daemon has handled an event. Throws a Violation. */
  handled(machine: Machine, event: Event, { plan, clock }: World): void {
    this.#check(machine, clock.nowMs);
    const keeps = plan.nodes[machine.index]?.onIsolation === 'keep';
    if (event.type === 'disconnected' || (event.type === 'neighbours' && event.full === 0 && !keeps)) {
      if (!this.#sinceMs.has(machine)) this.#sinceMs.set(machine, clock.nowMs);
    } else if (event.type === 'neighbours') this.#sinceMs.delete(machine);
  }

  #check(machine: Machine, nowMs: number): void {
    const sinceMs = this.#sinceMs.get(machine);
    if (sinceMs === undefined || nowMs - Math.max(sinceMs, machine.thawedMs) < LIMIT_MS) return;
    for (const [service, { run }] of machine.engine?.state.replicas ?? []) {
      if (run !== 'started') continue;
      const forMs = Math.round(nowMs - sinceMs);
      throw new Violation('isolation', `${machine.name}: ${service} is started after ${forMs} ms without a neighbour`);
    }
  }
}
