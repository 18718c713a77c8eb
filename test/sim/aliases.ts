import type { Machine } from './machine.js';
import type { Random } from './random.js';
import type { World } from './world.js';

/** How long an alias outlives its daemon. */
export const LEASE_MS = 3_000;
/** How often leases are renewed. */
const RENEWAL_MS = 1_000;

/** The aliases in one machine's kernel, each on a lease, and the /32s that its ospfd announces because of them. */
export class Aliases {
  /** In the kernel: the addresses of each service. */
  readonly present = new Map<string, readonly string[]>();
  /** When an alias went up. */
  readonly sinceMs = new Map<string, number>();
  readonly #hidden = new Set<string>();
  /** Up, but not announced while the service is handed over. */
  readonly #withheld = new Set<string>();
  /** What the daemon wants to be up. */
  readonly #wanted = new Set<string>();
  readonly #busyUntilMs = new Map<string, number>();
  readonly #machine: Machine;
  readonly #world: World;
  readonly #random: Random;
  readonly #phaseMs: number;

  constructor(machine: Machine, world: World, random: Random) {
    this.#machine = machine;
    this.#world = world;
    this.#random = random;
    this.#phaseMs = random.between(0, RENEWAL_MS);
  }

  up(service: string, withheld: boolean): void {
    const machine = this.#machine;
    this.#inTurn(service, this.#random.between(3, 25), () => {
      const behaviour = machine.calls.behaviourOf(service, 'alias');
      const addresses = machine.addressesInForce(service);
      if (behaviour?.result === 'fails' || addresses === undefined) {
        return machine.handle({ type: 'alias-failed', service, reason: 'zebra: % cannot' });
      }
      this.#wanted.add(service);
      this.#setWithheld(service, withheld);
      this.present.set(service, addresses);
      this.sinceMs.set(service, this.#world.clock.nowMs);
      this.#syncStubs();
      machine.handle({ type: 'alias-up', service });
    });
  }

  /** Its route appears or goes; the address stays. */
  announce(service: string, announced: boolean): void {
    this.#inTurn(service, this.#random.between(1, 15), () => {
      this.#setWithheld(service, !announced);
      this.#syncStubs();
    });
  }

  down(service: string): void {
    this.#inTurn(service, this.#random.between(2, 15), () => {
      this.#wanted.delete(service);
      this.#remove(service);
      this.#machine.handle({ type: 'alias-down', service });
    });
  }

  /** When the leases were last renewed, if the daemon has run until now. */
  lastRenewalMs(): number {
    const { nowMs } = this.#world.clock;
    return nowMs - ((nowMs + this.#phaseMs) % RENEWAL_MS);
  }

  /** The daemon renews nothing from now on, unless `stillSo` says no when the leases end. */
  leaseRunsOut(stillSo: () => boolean): void {
    const endsInMs = this.lastRenewalMs() + LEASE_MS - this.#world.clock.nowMs;
    this.#world.clock.after(endsInMs, () => {
      if (stillSo()) this.removeAll();
    });
  }

  /** A new daemon removes what an earlier one left; power loss removes everything. */
  removeAll(): void {
    this.#wanted.clear();
    for (const service of [...this.present.keys()]) this.#remove(service);
  }

  /** Somebody removes an alias. The daemon puts it back within two seconds, or cannot. */
  removedBySomebody(service: string, restored: boolean): void {
    const addresses = this.present.get(service);
    if (addresses === undefined) return;
    const machine = this.#machine;
    const { life } = machine;
    this.#remove(service);
    this.#world.clock.after(this.#random.between(10, 2_000), () =>
      machine.inProcess(life, () => {
        if (!this.#wanted.has(service) || this.present.has(service)) return;
        if (restored) {
          this.present.set(service, addresses);
          this.#syncStubs();
        } else {
          this.#wanted.delete(service);
          machine.handle({ type: 'alias-lost', service, reason: 'the address was removed' });
        }
      }),
    );
  }

  /** The address is up, and left out of OSPF while the service is handed over. */
  isWithheld(service: string): boolean {
    return this.#withheld.has(service);
  }

  hideRoute(service: string, hidden: boolean): void {
    if (hidden) this.#hidden.add(service);
    else this.#hidden.delete(service);
    this.#syncStubs();
  }

  showRoutes(): void {
    this.#hidden.clear();
    this.#syncStubs();
  }

  /** Requests for one service are carried out one after the other. */
  #inTurn(service: string, takesMs: number, happen: () => void): void {
    const { clock } = this.#world;
    const machine = this.#machine;
    const { life } = machine;
    const at = Math.max(this.#busyUntilMs.get(service) ?? 0, clock.nowMs) + takesMs;
    this.#busyUntilMs.set(service, at);
    clock.after(at - clock.nowMs, () => machine.inProcess(life, happen));
  }

  #setWithheld(service: string, withheld: boolean): void {
    if (withheld) this.#withheld.add(service);
    else this.#withheld.delete(service);
  }

  #remove(service: string): void {
    this.sinceMs.delete(service);
    if (this.present.delete(service)) this.#syncStubs();
  }

  #syncStubs(): void {
    const { router } = this.#machine;
    const { network } = this.#world;
    const wanted = new Set<string>();
    for (const [service, addresses] of this.present) {
      if (!this.#hidden.has(service) && !this.#withheld.has(service))
        for (const address of addresses) wanted.add(address);
    }
    for (const address of [...router.stubs]) if (!wanted.has(address)) network.setStub(router, address, false);
    for (const address of wanted) network.setStub(router, address, true);
  }
}
