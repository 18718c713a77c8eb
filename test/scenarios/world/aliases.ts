import { FREE } from './behaviour.js';
import type { Machine } from './machine.js';
import type { Network } from './network.js';

/** The addresses of services on one machine, and whether its ospfd announces them. */
export class Aliases {
  /** The addresses of the services whose alias is up. */
  readonly #addresses = new Map<string, readonly string[]>();
  readonly #machine: Machine;
  readonly #network: Network;

  constructor(machine: Machine, network: Network) {
    this.#machine = machine;
    this.#network = network;
  }

  has(service: string): boolean {
    return this.#addresses.has(service);
  }

  up(service: string, withheld: boolean): void {
    const machine = this.#machine;
    const { result, reason } = machine.behaviours.get(`${service} alias`) ?? FREE;
    if (result === 'fails') {
      machine.later(1, () => machine.handle({ type: 'alias-failed', service, reason }));
      return;
    }
    const addresses = machine.engine?.state.replicas.get(service)?.definition.addresses ?? [];
    this.#addresses.set(service, addresses);
    if (!withheld) for (const address of addresses) this.#network.addAddress(machine.name, address);
    machine.say(`${service} address up${withheld ? ', its route withheld' : ''}`);
    machine.later(1, () => machine.handle({ type: 'alias-up', service }));
  }

  down(service: string): void {
    this.#remove(service);
    this.#machine.say(`${service} address down`);
    this.#machine.later(1, () => this.#machine.handle({ type: 'alias-down', service }));
  }

  /** The address stays up. */
  announce(service: string, announced: boolean): void {
    for (const address of this.#addresses.get(service) ?? []) {
      if (announced) this.#network.addAddress(this.#machine.name, address);
      else this.#network.removeAddress(this.#machine.name, address);
    }
    this.#machine.say(`${service} route ${announced ? 'announced' : 'withdrawn'}`);
  }

  /** An alias that was up is gone, and cannot be put up again. */
  lose(service: string, reason: string): void {
    this.#remove(service);
    this.#machine.handle({ type: 'alias-lost', service, reason });
  }

  removeAll(): void {
    for (const service of [...this.#addresses.keys()]) this.#remove(service);
  }

  /** Nobody is there to announce anything. */
  powerLost(): void {
    this.#addresses.clear();
  }

  #remove(service: string): void {
    for (const address of this.#addresses.get(service) ?? []) this.#network.removeAddress(this.#machine.name, address);
    this.#addresses.delete(service);
  }
}
