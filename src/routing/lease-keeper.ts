export interface LeaseKeeperOptions {
  /** How long a lease lasts, in ms. */
  readonly leaseMs: number;
  /**
   * Renews all leases. Resolves to false if that did not succeed. Called every third of the lease, and not waited for
   * before the next call.
   */
  readonly renew: () => Promise<boolean>;
  /** Found by the timer that the renewal is late. It is told once, here or by `check`. */
  readonly onOverrun: (lateMs: number) => void;
  /** Every time an overrun is found, by whomever, before anything else happens. */
  readonly onLapse: () => void;
  /** A monotonic clock in ms. */
  readonly now?: () => number;
}

/**
 * The lease clock. It runs even when there is nothing to renew: it also says whether this daemon was frozen for longer
 * than others wait before they take over. Events queued during a freeze come before its timer, so whoever handles
 * events asks `check` first.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #now: () => number;
  /** When the last renewal that succeeded was begun: the kernel's lease ends no earlier than a lease after that. */
  #renewedAt: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#renewedAt = this.#now();
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#renewedAt = this.#now();
    this.#timer = setInterval(() => this.tick(), this.#options.leaseMs / 3);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** How much later than the lease the renewal is, in ms; null if it is not, or if this was told before. */
  check(now: number = this.#now()): number | null {
    const lateMs = now - this.#renewedAt - this.#options.leaseMs;
    if (lateMs <= 0) return null;
    this.#renewedAt = now;
    this.#options.onLapse();
    return lateMs;
  }

  /** What the timer does. A renewal that comes too late is not made: it would put up again what others may have now. */
  tick(): void {
    const lateMs = this.check();
    if (lateMs !== null) this.#options.onOverrun(lateMs);
    const begun = this.#now();
    this.#options.renew().then((renewed) => {
      // One that was begun before a freeze ends after it, and says nothing of the time since.
      if (renewed) this.#renewedAt = Math.max(this.#renewedAt, begun);
    });
  }
}
