import type { RouterId } from '../model/index.js';

interface Epochs {
  readonly counts: Map<number, number>;
  highest: number;
}

/** How many LSAs there are of each epoch of each router. Only the end of the highest epoch costs more than a few steps. */
export class EpochsByOrigin {
  readonly #origins = new Map<RouterId, Epochs>();

  /** undefined: there is nothing of this router. */
  latest(origin: RouterId): number | undefined {
    return this.#origins.get(origin)?.highest;
  }

  add(origin: RouterId, epoch: number): void {
    const epochs = this.#origins.get(origin) ?? { counts: new Map<number, number>(), highest: epoch };
    this.#origins.set(origin, epochs);
    epochs.counts.set(epoch, (epochs.counts.get(epoch) ?? 0) + 1);
    epochs.highest = Math.max(epochs.highest, epoch);
  }

  remove(origin: RouterId, epoch: number): void {
    const epochs = this.#origins.get(origin);
    const count = epochs?.counts.get(epoch);
    if (epochs === undefined || count === undefined) return;
    if (count > 1) {
      epochs.counts.set(epoch, count - 1);
      return;
    }
    epochs.counts.delete(epoch);
    if (epochs.counts.size === 0) this.#origins.delete(origin);
    else if (epoch === epochs.highest) epochs.highest = highestOf(epochs.counts.keys());
  }

  clear(): void {
    this.#origins.clear();
  }
}

function highestOf(epochs: Iterable<number>): number {
  let highest = 0;
  for (const epoch of epochs) highest = Math.max(highest, epoch);
  return highest;
}
