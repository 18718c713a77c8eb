/** A job that waits for its turn or has it. `lane` is the service: one job of a lane at a time, in order. */
interface Job {
  readonly lane: string;
  readonly urgent: boolean;
  readonly work: () => Promise<void>;
}

/**
 * Who may run when: one at a time per service and in order, different services side by side, and no more than `total`
 * at once. Jobs that are not urgent leave `reserved` places free, so that a hundred hanging checks cannot hold up the
 * `stop` and `start` of a failover; among those that wait, urgent ones go first.
 */
export class Places {
  #waiting: Job[] = [];
  readonly #busyLanes = new Set<string>();
  #running = 0;
  #unurgent = 0;
  readonly #total: number;
  readonly #reserved: number;

  constructor(total: number, reserved: number) {
    this.#total = total;
    this.#reserved = reserved;
  }

  /** Calls `work` when it is its turn. The function returned takes it out of the queue: false if it has begun. */
  submit(lane: string, urgent: boolean, work: () => Promise<void>): () => boolean {
    const job: Job = { lane, urgent, work };
    this.#waiting.push(job);
    this.#dispatch();
    return () => this.#withdraw(job);
  }

  #withdraw(job: Job): boolean {
    const index = this.#waiting.indexOf(job);
    if (index < 0) return false;
    this.#waiting.splice(index, 1);
    this.#dispatch();
    return true;
  }

  #dispatch(): void {
    for (const urgent of [true, false]) {
      for (const job of this.#headsOfLanes()) {
        if (job.urgent === urgent && this.#hasPlace(urgent)) this.#begin(job);
      }
    }
  }

  /** The first waiting job of each service that has none running. */
  #headsOfLanes(): Job[] {
    const seen = new Set(this.#busyLanes);
    return this.#waiting.filter((job) => {
      if (seen.has(job.lane)) return false;
      seen.add(job.lane);
      return true;
    });
  }

  #hasPlace(urgent: boolean): boolean {
    return this.#running < this.#total && (urgent || this.#unurgent < this.#total - this.#reserved);
  }

  #begin(job: Job): void {
    this.#waiting = this.#waiting.filter((other) => other !== job);
    this.#busyLanes.add(job.lane);
    this.#running += 1;
    if (!job.urgent) this.#unurgent += 1;
    void job.work().finally(() => this.#end(job));
  }

  #end(job: Job): void {
    this.#busyLanes.delete(job.lane);
    this.#running -= 1;
    if (!job.urgent) this.#unurgent -= 1;
    this.#dispatch();
  }
}
