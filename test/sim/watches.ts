import type { Machine } from './machine.js';
import { Violation, type World } from './world.js';

/** How long a watch takes to see that what it watches has ended. */
const SEEN_AFTER_MS = 2;

/** The watches that run on one machine. A service that is sick has ended, as its watch sees it. */
export class Watches {
  readonly #running = new Map<string, number>();
  readonly #machine: Machine;
  readonly #world: World;

  constructor(machine: Machine, world: World) {
    this.#machine = machine;
    this.#world = world;
  }

  begin(service: string, run: number): void {
    if (this.#running.has(service)) throw new Violation('watch', `${this.#machine.name}: ${service} is watched twice`);
    this.#running.set(service, run);
    if (this.#machine.calls.sick.has(service)) this.serviceEnds(service);
  }

  end(service: string, run: number): void {
    if (this.#running.get(service) === run) this.#running.delete(service);
  }

  /** It would take the end of the service for a failure. */
  mustNotRun(service: string, primitive: string): void {
    if (!this.#running.has(service)) return;
    throw new Violation('watch', `${this.#machine.name}: ${primitive} of ${service} begins while it is watched`);
  }

  serviceEnds(service: string): void {
    const run = this.#running.get(service);
    if (run === undefined) return;
    const machine = this.#machine;
    const { life } = machine;
    this.#world.clock.after(SEEN_AFTER_MS, () =>
      machine.inProcess(life, () => {
        if (this.#running.get(service) !== run) return;
        this.#running.delete(service);
        machine.handle({ type: 'watch-ended', service, run, reason: 'its process has ended' });
      }),
    );
  }

  daemonEnds(): void {
    this.#running.clear();
  }
}
