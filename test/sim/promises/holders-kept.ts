import type { Effect, Event } from '../../../src/cluster/index.js';
import type { RouterId } from '../../../src/model/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import { mayUse } from './heard.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** By service: who was heard to use it, and when that was heard. */
type Holders = Map<string, Map<RouterId, number>>;

/**
 * Who has heard that another node uses a resource remembers it, also across a restart: it neither starts the resource nor
 * agrees to a start while it still runs there, the daemon is dead, and the node can be reached.
 */
export class HoldersKept implements Watched {
  readonly #witness: Witness;
  readonly #kept = new Map<number, { readonly stateLosses: number; readonly holders: Holders }>();
  /** By node and service: words of which the last one counts when they are settled together. */
  readonly #heardInEvent = new Map<string, () => void>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  handled(machine: Machine, event: Event): void {
    const holders = this.#of(machine);
    switch (event.type) {
      case 'announcement': {
        const { announcement, origin } = event;
        if (announcement.kind !== 'service' || announcement.definition.kind !== 'resource') return;
        const { name } = announcement.definition;
        const newest = this.#witness.heard(machine).replica(name, origin)?.announcement;
        if (newest !== announcement) return;
        const key = `${origin} ${name}`;
        this.#heardInEvent.delete(key);
        if (!mayUse(announcement)) holders.get(name)?.delete(origin);
        // Only what is on disk is known after a restart, and that it is when the event is done with.
        else if (machine.engine?.state.replicas.has(name) && this.#witness.heard(machine).isReachable(origin))
          this.#heardInEvent.set(key, () => note(holders, name, origin, this.#witness.nowMs));
        return;
      }
      case 'disconnected':
        return holders.clear();
      case 'reachability':
        for (const id of event.removed) for (const of of holders.values()) of.delete(id);
        return;
      case 'timer':
        // Joined, and not in reach: its delay is counted from here.
        if (event.timer.kind !== 'join') return;
        for (const of of holders.values())
          for (const id of of.keys()) if (!this.#witness.heard(machine).isReachable(id)) of.delete(id);
        return;
      default:
    }
  }

  settled(): void {
    for (const happen of this.#heardInEvent.values()) happen();
    this.#heardInEvent.clear();
  }

  daemonEnds(): void {
    this.#heardInEvent.clear();
  }

  acts(machine: Machine, effect: Effect): void {
    if (effect.type !== 'announce' || effect.announcement.kind !== 'service') return;
    const { assent, definition } = effect.announcement;
    if (assent === null) return;
    const owner = this.#witness.heard(machine).replica(definition.name, assent.owner);
    if (owner?.announcement.runState === 'starting')
      this.#check(machine, definition.name, assent.owner, 'agrees to the start of');
  }

  starts(machine: Machine, service: string): void {
    this.#check(machine, service, machine.id, 'starts');
  }

  #check(machine: Machine, service: string, starter: RouterId, verb: string): void {
    const { monitor } = this.#witness.world ?? {};
    const heard = this.#witness.heard(machine);
    for (const [id, heardMs] of this.#of(machine).get(service) ?? []) {
      if (id === starter || !heard.isReachable(id)) continue;
      const holder = monitor?.exclusion.runners(service).find((each) => each.id === id);
      if (holder === undefined || holder.engine !== null) continue;
      if ((monitor?.exclusion.confirmedMs(service) ?? 0) > heardMs) continue;
      if (monitor?.exclusion.leftBehind.has(`${holder.index} ${service}`)) continue;
      throw new Violation(
        'holder',
        `${machine.name} ${verb} resource ${service}, though it has heard that ${holder.name}, whose daemon died, uses it`,
      );
    }
    if ((this.#of(machine).get(service)?.size ?? 0) > 0) this.#witness.tested('holders: one is remembered at a start');
  }

  #of(machine: Machine): Holders {
    const known = this.#kept.get(machine.index);
    if (known?.stateLosses === machine.stateLosses) return known.holders;
    const holders: Holders = new Map();
    this.#kept.set(machine.index, { stateLosses: machine.stateLosses, holders });
    return holders;
  }
}

function note(holders: Holders, service: string, origin: RouterId, nowMs: number): void {
  const of = holders.get(service) ?? new Map<RouterId, number>();
  holders.set(service, of);
  of.delete(origin);
  of.set(origin, nowMs);
}
