import type { Machine } from '../machine.js';
import { Violation } from '../world.js';
import type { Watched } from './promise.js';
import type { Witness } from './witness.js';

/** The owner gives a service up whose address is not announced so long after it was put up, or any more. */
const LIMIT_MS = 10_000;
/** What a daemon that ran again, and its ospfd, may take to notice. */
const SLACK_MS = 1_000;

/** What nobody is routed to does not stay started for long. */
export class OwnRoute implements Watched {
  readonly #witness: Witness;
  readonly #missingMs = new Map<string, number>();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  daemonEnds(machine: Machine): void {
    const own = `${machine.index} `;
    for (const key of this.#missingMs.keys()) if (key.startsWith(own)) this.#missingMs.delete(key);
  }

  settled(machine: Machine): void {
    const { nowMs, world } = this.#witness;
    const heard = this.#witness.heard(machine);
    const routes = heard.nodes.get(machine.id)?.routes;
    for (const [service, addresses] of machine.aliases.present) {
      const replica = machine.engine?.state.replicas.get(service);
      const key = `${machine.index} ${service}`;
      const missing = routes != null && !addresses.every((address) => routes.has(address));
      // Whoever is alone has nobody to be routed from; in a handover the route is left out on purpose.
      const counts = heard.full > 0 && replica?.run === 'started' && !machine.aliases.isWithheld(service);
      if (!missing || !counts) {
        this.#missingMs.delete(key);
        continue;
      }
      const sinceMs = Math.max(this.#missingMs.get(key) ?? nowMs, machine.thawedMs);
      this.#missingMs.set(key, sinceMs);
      const limitMs = LIMIT_MS + SLACK_MS + (world?.plan.ospf.routerLsaIntervalMs ?? 0);
      if (nowMs - sinceMs > LIMIT_MS / 2) this.#witness.tested('own route: missing for 5 s');
      if (nowMs - sinceMs < limitMs) continue;
      const text = `${machine.name}: ${service} is started, but its address has not been announced for ${Math.round(nowMs - sinceMs)} ms`;
      throw new Violation('own route', text);
    }
  }
}
