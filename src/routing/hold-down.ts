import { setTimeout as sleep } from 'node:timers/promises';

/**
 * zebra 8.4 aborts (`process_subq_route(): assertion (dest) failed`) when an address goes, comes again and goes again while it
 * still works through the first of it. With 50 ms in between it never did (docs/frr-setup.md).
 */
const HOLD_DOWN_MS = 100;

/** The hold-down of addresses: how long ago they went, so that none comes again before zebra and ospfd are done with that. */
export class HoldDown {
  readonly #goneAt = new Map<string, number>();

  gone(addresses: readonly string[]): void {
    for (const address of addresses) this.#goneAt.set(address, performance.now());
  }

  /** Resolves when each of them has been away for 100 ms, or was never here. */
  async over(addresses: readonly string[]): Promise<void> {
    const endsAt = Math.max(
      0,
      ...addresses.map((address) => (this.#goneAt.get(address) ?? -HOLD_DOWN_MS) + HOLD_DOWN_MS),
    );
    for (const address of addresses) this.#goneAt.delete(address);
    const left = endsAt - performance.now();
    if (left > 0) await sleep(left);
  }
}
