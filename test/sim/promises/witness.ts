import { formatRouterId, type RouterId } from '../../../src/model/index.js';
import { add, type Coverage } from '../coverage.js';
import type { Machine } from '../machine.js';
import type { World } from '../world.js';
import { Heard } from './heard.js';

/** What all promises look at: the time, and what the present life of each daemon was told. */
export class Witness {
  world: World | null = null;
  readonly #heard = new Map<Machine, Heard>();
  readonly #coverage: Coverage | null;

  constructor(coverage: Coverage | null) {
    this.#coverage = coverage;
  }

  get nowMs(): number {
    return this.world?.clock.nowMs ?? 0;
  }

  heard(machine: Machine): Heard {
    let heard = this.#heard.get(machine);
    if (heard === undefined) {
      heard = new Heard();
      this.#heard.set(machine, heard);
    }
    return heard;
  }

  /** As people call it. */
  nameOf(id: RouterId): string {
    return this.world?.network.routers.find((router) => router.id === id)?.name ?? formatRouterId(id);
  }

  daemonEnds(machine: Machine): void {
    this.#heard.delete(machine);
  }

  /** Counts how often a promise was put to the test: one that never is would be kept by anything. */
  tested(promise: string): void {
    if (this.#coverage !== null) add(this.#coverage.promises, promise);
  }
}
