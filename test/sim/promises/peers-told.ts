import type { Effect, Event } from '../../../src/cluster/index.js';
import { formatRouterId } from '../../../src/model/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/**
 * A replica is told of the other nodes where its service is active: `activate` and `start` of all, `join` and `leave` of each change,
 * once. At rest it knows exactly who is there.
 */
export class PeersTold implements Watched {
  readonly #witness: Witness;
  readonly #told = new Map<string, Set<string>>();
  /** Peers of which a call has begun to tell, and asked to be called again: whether it will be is open. */
  readonly #begun = new Set<string>();
  /** The call that runs: what it will have told when it has ended. */
  readonly #calls = new Map<string, { readonly run: number; readonly peer: string | null }>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  daemonStarts(machine: Machine): void {
    const own = `${machine.index} `;
    for (const of of [this.#told, this.#calls, this.#begun]) {
      for (const key of of.keys()) if (key.startsWith(own)) of.delete(key);
    }
  }

  acts(machine: Machine, effect: Effect): void {
    if (effect.type === 'kill') this.#killed(machine, effect);
    if (effect.type !== 'run') return;
    const { service, primitive, run, context } = effect;
    const key = `${machine.index} ${service}`;
    if (primitive === 'activate' || primitive === 'start') {
      if (context.recall === 0) this.#told.set(key, new Set(context.peers));
    } else if (primitive === 'join' || primitive === 'leave') {
      this.#calls.set(key, { run, peer: context.peer });
      this.#witness.tested(`peers: ${primitive}`);
      const told = this.#told.get(key) ?? new Set();
      this.#told.set(key, told);
      if (context.peer !== null && told.has(context.peer) !== (primitive === 'join')) return;
      if (context.recall > 0 || this.#begun.has(`${key} ${context.peer}`)) return;
      throw new Violation('peers', `${machine.name}: ${primitive} of ${service} tells of ${context.peer} once more`);
    }
  }

  /** A call that is killed may have ended already: it counts as not made all the same. */
  #killed(machine: Machine, { service, run }: { readonly service: string; readonly run: number }): void {
    const key = `${machine.index} ${service}`;
    if (this.#calls.get(key)?.run === run) this.#calls.delete(key);
  }

  handled(machine: Machine, event: Event): void {
    if (event.type !== 'primitive-ended' || (event.primitive !== 'join' && event.primitive !== 'leave')) return;
    const { service, run, outcome } = event;
    const key = `${machine.index} ${service}`;
    const call = this.#calls.get(key);
    if (call?.run !== run || call.peer === null) return;
    if (outcome.result === 'recall') this.#begun.add(`${key} ${call.peer}`);
    if (outcome.result === 'killed' || outcome.result === 'recall') return;
    this.#begun.delete(`${key} ${call.peer}`);
    if (event.primitive === 'join') this.#told.get(key)?.add(call.peer);
    else this.#told.get(key)?.delete(call.peer);
  }

  problemAtRest(live: readonly Machine[]): string | null {
    const announced = this.#witness.world?.monitor.announced;
    for (const machine of live) {
      for (const [name, { config }] of machine.engine?.state.replicas ?? []) {
        if (config !== 'active') continue;
        const others = live.filter((other) => other !== machine && announced?.get(other)?.services.has(name));
        const expected = others.map(({ id }) => formatRouterId(id)).sort();
        const told = [...(this.#told.get(`${machine.index} ${name}`) ?? [])].sort();
        if (expected.join() === told.join()) continue;
        return `${machine.name}: ${name} was told of the peers ${told.join(' ')}, but they are ${expected.join(' ')}`;
      }
    }
    return null;
  }
}
