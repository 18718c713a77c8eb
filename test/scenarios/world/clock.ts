/** Simulated time: things happen in the order of their time, and in the order of their planning at the same time. */
export class SimulatedClock {
  nowMs = 0;
  private planned: { readonly atMs: number; readonly order: number; readonly happen: () => void }[] = [];
  private nextOrder = 0;

  after(delayMs: number, happen: () => void): () => void {
    const entry = { atMs: this.nowMs + delayMs, order: this.nextOrder++, happen };
    this.planned.push(entry);
    return () => {
      this.planned = this.planned.filter((other) => other !== entry);
    };
  }

  /** Lets everything happen that is planned within the duration. */
  run(durationMs: number): void {
    const endMs = this.nowMs + durationMs;
    for (let next = this.takeNext(endMs); next !== undefined; next = this.takeNext(endMs)) {
      this.nowMs = next.atMs;
      next.happen();
    }
    this.nowMs = endMs;
  }

  private takeNext(endMs: number): (typeof this.planned)[number] | undefined {
    let best: (typeof this.planned)[number] | undefined;
    for (const entry of this.planned) {
      if (entry.atMs > endMs) continue;
      if (best === undefined || entry.atMs < best.atMs || (entry.atMs === best.atMs && entry.order < best.order))
        best = entry;
    }
    if (best !== undefined) this.planned.splice(this.planned.indexOf(best), 1);
    return best;
  }
}
