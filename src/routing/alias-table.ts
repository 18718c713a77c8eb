import type { AliasAddress, OspfArea } from './alias-request.js';
import type { PlacedAlias } from './kernel-addresses.js';
import type { AnnouncedAddress } from './ospf-networks.js';

/** The aliases of one service on this node. */
export interface AliasRecord {
  readonly service: string;
  readonly aliases: readonly PlacedAlias[];
  /** The area it is announced in; null until it is known. */
  area: OspfArea | null;
  /** What was put into ospfd for it. */
  lines: readonly AnnouncedAddress[];
  phase: 'rising' | 'up' | 'falling';
  /** Something of it may be in the kernel or in ospfd: what is found there is ours. */
  begun: boolean;
  /** The address is up without being announced: another node serves. */
  withheld: boolean;
  /** The lease ended before it was renewed: others may have the addresses, nothing is put back. */
  lapsed: boolean;
  /** Reported as lost: nothing is put back until it is put up anew. */
  lost: boolean;
  /** When it was put back, in ms of the monotonic clock. */
  restoredAt: readonly number[];
}

/** Which aliases this node has, should have, and must no longer have. Shared by the manager and the reconciliation. */
export class AliasTable {
  readonly #records = new Map<string, AliasRecord>();
  readonly #unwanted = new Set<AliasAddress>();
  readonly #ours = new Set<AliasAddress>();
  /** Counts what changes here: what was read from outside before a change says nothing afterwards. */
  #version = 0;

  get version(): number {
    return this.#version;
  }

  get records(): readonly AliasRecord[] {
    return [...this.#records.values()];
  }

  /** Those that are up and are kept up. */
  get kept(): readonly AliasRecord[] {
    return this.records.filter((record) => this.isKept(record));
  }

  isKept(record: AliasRecord): boolean {
    return record.phase === 'up' && !record.lapsed && !record.lost && this.#records.get(record.service) === record;
  }

  /** Addresses that may still be announced by ospfd, and must not be. */
  get unwanted(): readonly AliasAddress[] {
    const withheld = this.records.filter((record) => record.withheld);
    return [...this.#unwanted, ...withheld.flatMap(({ aliases }) => aliases.map(({ address }) => address))];
  }

  /** What should be is another thing now: what was found to be right may not be any more. */
  changed(): void {
    this.#version += 1;
  }

  get(service: string): AliasRecord | undefined {
    return this.#records.get(service);
  }

  /** The service that has this address here; undefined if none has. */
  holderOf(address: string): string | undefined {
    return this.records.find((record) => record.aliases.some((alias) => alias.address === address))?.service;
  }

  begin(service: string, aliases: readonly PlacedAlias[], withheld: boolean): AliasRecord {
    const record: AliasRecord = {
      service,
      aliases,
      area: null,
      lines: [],
      phase: 'rising',
      begun: false,
      withheld,
      lapsed: false,
      lost: false,
      restoredAt: [],
    };
    this.#records.set(service, record);
    for (const alias of aliases) this.#unwanted.delete(alias.address);
    this.#version += 1;
    return record;
  }

  setPhase(record: AliasRecord, phase: 'up' | 'falling'): void {
    record.phase = phase;
    this.#version += 1;
  }

  setWithheld(record: AliasRecord, withheld: boolean): void {
    record.withheld = withheld;
    this.#version += 1;
  }

  end(record: AliasRecord): void {
    this.#records.delete(record.service);
    this.dismiss(record.aliases.map((alias) => alias.address));
  }

  /** These addresses must not be announced, unless a service puts them up. */
  dismiss(addresses: readonly AliasAddress[]): void {
    for (const address of addresses) if (this.holderOf(address) === undefined) this.#unwanted.add(address);
    this.#version += 1;
  }

  /** From now on the record's addresses are being put up. */
  begun(record: AliasRecord): void {
    record.begun = true;
    this.own(addressesOf(record));
  }

  /** This daemon, or an earlier life that recorded it, has put these up. */
  own(addresses: readonly AliasAddress[]): void {
    for (const address of addresses) this.#ours.add(address);
    this.#version += 1;
  }

  isOurs(address: AliasAddress): boolean {
    return this.#ours.has(address);
  }

  /** ospfd does not announce this address any more. */
  forget(address: AliasAddress): void {
    this.#unwanted.delete(address);
  }

  lapse(): void {
    for (const record of this.#records.values()) record.lapsed = true;
    this.#version += 1;
  }
}

export function addressesOf({ aliases }: Pick<AliasRecord, 'aliases'>): AliasAddress[] {
  return aliases.map(({ address }) => address);
}

/** Whether these aliases in this area (null: whichever) are what the record has. */
export function isSame(record: AliasRecord, aliases: readonly PlacedAlias[], area: OspfArea | null): boolean {
  return (
    (area === null || area === record.area) &&
    record.aliases.length === aliases.length &&
    aliases.every((alias) =>
      record.aliases.some((one) => one.address === alias.address && one.interface === alias.interface),
    )
  );
}
