import { networkInterfaces } from 'node:os';
import type { Ipv4, OspfApiEvent } from 'ospfapi-shim';
import type { Surroundings } from './placement.js';

/** The interfaces and neighbours of ospfd in this session. */
export class Neighbourhood implements Surroundings {
  readonly addressesOf: (interfaceName: string) => readonly string[];
  readonly areas = new Map<Ipv4, Ipv4>();
  /** Whether ospfd has told of all that it has. */
  complete = false;
  /** The neighbours in state Full: our interface's address by the neighbour's address. */
  readonly #full = new Map<string, Ipv4>();
  #lastTaken = 0;

  constructor(addressesOf: (interfaceName: string) => readonly string[]) {
    this.addressesOf = addressesOf;
  }

  /** How many neighbours are in state Full. */
  get full(): number {
    return this.#full.size;
  }

  sessionBegan(): void {
    this.complete = false;
    this.areas.clear();
    this.#full.clear();
    this.#lastTaken = 0;
  }

  /** True if this neighbour has just become Full. */
  neighbour(event: Extract<OspfApiEvent, { type: 'neighbour' }>): boolean {
    const key = `${event.interfaceAddress}/${event.neighbourAddress}`;
    const before = this.#full.size;
    if (event.state === 'full') this.#full.set(key, event.interfaceAddress);
    else this.#full.delete(key);
    return this.#full.size > before;
  }

  interface(address: Ipv4, area: Ipv4): void {
    this.areas.set(address, area);
  }

  interfaceRemoved(address: Ipv4): void {
    this.areas.delete(address);
    for (const [key, interfaceAddress] of this.#full) {
      if (interfaceAddress === address) this.#full.delete(key);
    }
  }

  /** True if the number of Full neighbours is another one than at the last call. */
  takeChange(): boolean {
    const changed = this.full !== this.#lastTaken;
    this.#lastTaken = this.full;
    return changed;
  }
}

/** The IPv4 addresses of an interface, as dotted quads. */
export function systemAddresses(interfaceName: string): string[] {
  const addresses = networkInterfaces()[interfaceName] ?? [];
  return addresses.filter(({ family }) => family === 'IPv4').map(({ address }) => address);
}
