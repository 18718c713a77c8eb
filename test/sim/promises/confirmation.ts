import type { Effect, Event } from '../../../src/cluster/index.js';
import type { Sequence } from '../../../src/model/index.js';
import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { HeardReplica } from './heard.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** Two retransmissions of OSPF: what was lost on its way has come by then, or never does. */
const SUSPICION_MS = 11_000;
const SLACK_MS = 500;

/**
 * What a node had said before it came within reach counts again when it has spoken: not what an earlier life of its daemon had
 * said, and not what it has outdone itself since, although its newer words were lost on their way.
 */
export class Confirmation implements Watched {
  readonly #witness: Witness;
  /** By node and service: the counters of all announcements that went out, in the order of time. */
  readonly #said = new Map<string, Sequence[]>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  /** A node that loses its disk may begin again in the epoch of a life that nobody has heard. */
  daemonEnds(machine: Machine): void {
    for (const key of this.#said.keys()) if (key.startsWith(`${machine.id} `)) this.#said.delete(key);
  }

  acts(machine: Machine, effect: Effect): void {
    if (effect.type !== 'announce' || effect.announcement.kind !== 'service' || effect.urgency !== 'change') return;
    const { definition, sequence } = effect.announcement;
    if (definition.scope !== 'as') return;
    const key = `${machine.id} ${definition.name}`;
    const said = this.#said.get(key) ?? [];
    this.#said.set(key, said);
    said.push({ ...sequence });
    if (said.length > 50) said.splice(0, 25);
  }

  handled(machine: Machine, event: Event): void {
    if (event.type !== 'announcement' && event.type !== 'withdrawal' && event.type !== 'timer') return;
    const heard = this.#witness.heard(machine);
    if (event.type === 'timer') {
      if (event.timer.kind === 'suspicion') this.#check(machine, event.timer.node);
    } else if (event.origin !== heard.self) this.#check(machine, event.origin);
  }

  #check(machine: Machine, origin: HeardReplica['origin']): void {
    const heard = this.#witness.heard(machine);
    const node = heard.nodes.get(origin);
    const { nowMs } = this.#witness;
    if (node?.reachableSinceMs == null || node.daemon === null || !heard.synced) return;
    for (const replica of heard.of(origin)) {
      // What came when the node was within reach was new then.
      if (replica.carriers.size === 0 || replica.heardMs >= node.reachableSinceMs) continue;
      const { definition, sequence } = replica.announcement;
      const observed = machine.engine?.state.view.replicas.get(definition.name)?.get(origin);
      if (observed?.presence !== 'held' || observed.announcement !== replica.announcement) continue;
      const { firstWord } = node;
      if (firstWord !== null) this.#witness.tested('confirmation: the words of a node that has returned');
      if (!observed.confirmed) {
        // What a router that was cut off has brought back is confirmed anew, if its daemon is not dead.
        const sinceMs = Math.max(firstWord?.atMs ?? nowMs, replica.heldMs, machine.thawedMs);
        const late = nowMs - sinceMs >= 3 * SUSPICION_MS;
        if (!late || node.daemonGone || sequence.epoch !== node.daemon.sequence.epoch) continue;
        throw new Violation(
          'confirmation',
          `${machine.name} still suspects what ${this.#witness.nameOf(origin)} says of ${definition.name}`,
        );
      }
      if (sequence.epoch < (firstWord?.sequence.epoch ?? 0)) {
        const text = `${machine.name} counts what an earlier life of ${this.#witness.nameOf(origin)}'s daemon said of ${definition.name}`;
        throw new Violation('confirmation', text);
      }
      if (firstWord === null || nowMs - firstWord.atMs > SUSPICION_MS - SLACK_MS) continue;
      if (!this.#isReplayed(replica, firstWord.atMs) && this.#isOutdone(replica, firstWord.sequence)) {
        const text = `${machine.name} counts what ${this.#witness.nameOf(origin)} said of ${definition.name}, which it outdid before it spoke`;
        throw new Violation('confirmation', text);
      }
    }
  }

  /** Withdrawn, and there again since its node spoke: what the present life said, from a recording (docs/trust.md, What remains). */
  #isReplayed({ heardMs, heldMs }: HeardReplica, spokeMs: number): boolean {
    return this.#witness.world?.adversary != null && heldMs > heardMs && heldMs > spokeMs;
  }

  /** Whether the node had announced something newer of it by the time that its daemon spoke. */
  #isOutdone({ origin, announcement }: HeardReplica, spoke: Sequence): boolean {
    const { sequence, definition } = announcement;
    if (sequence.epoch !== spoke.epoch) return false;
    const said = this.#said.get(`${origin} ${definition.name}`) ?? [];
    return said.some(
      ({ epoch, counter }) => epoch === spoke.epoch && counter > sequence.counter && counter < spoke.counter,
    );
  }
}
