import type { Clock } from './clock.js';

/** So many pieces the time is counted in. */
const PIECES = 60;

/** How often something happened lately, in as much memory whether it was once or a million times. */
export class RecentCount {
  readonly #clock: Clock;
  readonly #pieceMs: number;
  /** By piece of time, oldest first. */
  readonly #counts = new Map<number, number>();

  /** @param withinMs what is older is not counted; by up to a sixtieth of it more. */
  constructor(clock: Clock, withinMs: number) {
    this.#clock = clock;
    this.#pieceMs = withinMs / PIECES;
  }

  add(): void {
    const piece = this.#forgetOld();
    this.#counts.set(piece, (this.#counts.get(piece) ?? 0) + 1);
  }

  get total(): number {
    this.#forgetOld();
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Returns the present piece. */
  #forgetOld(): number {
    const present = Math.floor(this.#clock.now() / this.#pieceMs);
    for (const piece of this.#counts.keys()) if (piece < present - PIECES) this.#counts.delete(piece);
    return present;
  }
}
