import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Coarse enough to cost nothing measurable, fine enough to see what delays a failover. */
const RESOLUTION_MS = 100;

const WINDOW_MS = 60_000;

/** How late the event loop was, at worst, in the present or the last full minute. */
export class LoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #window: NodeJS.Timeout;
  #lastWindowMs = 0;

  constructor() {
    this.#histogram.enable();
    this.#window = setInterval(() => {
      this.#lastWindowMs = this.#worstMs();
      this.#histogram.reset();
    }, WINDOW_MS).unref();
  }

  worstMs(): number {
    return Math.max(this.#lastWindowMs, this.#worstMs());
  }

  stop(): void {
    clearInterval(this.#window);
    this.#histogram.disable();
  }

  /** The histogram holds intervals between two ticks, in ns: the resolution itself is no delay. */
  #worstMs(): number {
    return Math.max(0, Math.round(this.#histogram.max / 1e6 - RESOLUTION_MS));
  }
}
