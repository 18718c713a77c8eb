import type { Ipv4Address } from '../model/index.js';
import {
  type AliasAddress,
  aliasAddress,
  aliasLabel,
  type InterfaceName,
  interfaceName,
  isAliasLabel,
} from './alias-request.js';
import { IpBatch } from './ip-batch.js';

/** An IPv4 address that this machine (this network namespace) has. */
export interface KernelAddress {
  readonly interface: string;
  readonly address: Ipv4Address;
  readonly prefixLength: number;
  readonly label: string;
}

/** An alias on its interface. */
export interface PlacedAlias {
  readonly address: AliasAddress;
  readonly interface: InterfaceName;
}

/** Of so many services at once: they share the time limit of one request, and thousands would all be too late together. */
export const SERVICES_AT_ONCE = 200;

/**
 * The kernel's addresses, read and changed through `ip`. Aliases are put up here, not through FRR: so they have their
 * lease from their first instant, and FRR's configuration never holds them (docs/frr-setup.md, "Where the alias lives").
 */
export class KernelAddresses {
  readonly #ip = new IpBatch();
  #last: { readonly shown: string; readonly addresses: readonly KernelAddress[] } | undefined;

  /** @param timeoutMs limit for one request. */
  constructor(readonly timeoutMs: number) {}

  /** Throws an Error if `ip` fails. */
  async list(): Promise<readonly KernelAddress[]> {
    return this.#afterwards([]);
  }

  /** Puts the aliases up, leased. Throws an Error with the kernel's words if one of them is not up afterwards. */
  async add(aliases: readonly PlacedAlias[], leaseSeconds: number): Promise<void> {
    const present = await this.#afterwards(aliases.map((alias) => `addr add ${leased(alias, leaseSeconds)}`));
    const missing = aliases.filter((alias) => !isPlaced(alias, present));
    const first = missing[0];
    if (first === undefined) return;
    const words = oneLine(await this.#ip.complaints()) || 'the kernel did not say why';
    throw new Error(`${first.address} cannot be put on ${first.interface}: ${words}`);
  }

  /**
   * Renews the leases, and puts up again what is missing. Returns what is there afterwards, the same array as the last time
   * if nothing has changed. Throws if `ip` fails.
   */
  async renew(aliases: readonly PlacedAlias[], leaseSeconds: number): Promise<readonly KernelAddress[]> {
    return this.#afterwards(aliases.map((alias) => `addr change ${leased(alias, leaseSeconds)}`));
  }

  /** Returns what is left. Throws an Error if `ip` fails; that an address is gone already is none. */
  async remove(aliases: readonly PlacedAlias[]): Promise<readonly KernelAddress[]> {
    return this.#afterwards(aliases.map((alias) => `addr del ${alias.address}/32 dev ${alias.interface}`));
  }

  /** Removes addresses as they were found, whatever their prefix length. Throws an Error if one of them is left. */
  async removeMarked(found: readonly KernelAddress[]): Promise<void> {
    const lines = found.map((one) => {
      const name = interfaceName(one.interface);
      return `addr del ${aliasAddress(one.address)}/${one.prefixLength} dev ${name}`;
    });
    const left = await this.#afterwards(lines);
    const kept = left.find((one) => found.some((gone) => gone.address === one.address && gone.label === one.label));
    if (kept !== undefined) throw new Error(`${kept.address} cannot be removed from ${kept.interface}`);
  }

  close(): void {
    this.#ip.close();
  }

  /** Gives `ip` the lines. The same array as before, as long as `ip` shows the same: each second it mostly does. */
  async #afterwards(lines: readonly string[]): Promise<readonly KernelAddress[]> {
    const shown = await this.#ip.run(lines, this.timeoutMs);
    if (this.#last?.shown !== shown) this.#last = { shown, addresses: readAddresses(parseJson(shown)) };
    return this.#last.addresses;
  }
}

/** Whether the alias is among these addresses, with our mark. */
export function isPlaced(alias: PlacedAlias, present: readonly KernelAddress[]): boolean {
  return present.some(
    (one) => one.address === alias.address && one.interface === alias.interface && isAliasLabel(one.label),
  );
}

/** Reads `ip -j addr show`. Throws an Error for anything that is not its output. */
export function readAddresses(shown: unknown): readonly KernelAddress[] {
  if (!Array.isArray(shown)) throw new Error('expected a list of interfaces from ip');
  return shown.flatMap((link: unknown) => {
    // `ip` prints `{}` for an interface that its filter left out.
    if (!isRecord(link) || !Array.isArray(link.addr_info)) return [];
    const name = link.ifname;
    return link.addr_info.flatMap((info: unknown) => (typeof name === 'string' ? readAddress(name, info) : []));
  });
}

function readAddress(name: string, info: unknown): readonly KernelAddress[] {
  if (!isRecord(info) || info.family !== 'inet') return [];
  const { local, prefixlen, label } = info;
  if (typeof local !== 'string' || typeof prefixlen !== 'number') throw new Error('expected an address from ip');
  return [
    { interface: name, address: local, prefixLength: prefixlen, label: typeof label === 'string' ? label : name },
  ];
}

function leased(alias: PlacedAlias, leaseSeconds: number): string {
  const { address, interface: name } = alias;
  return `${address}/32 dev ${name} label ${aliasLabel(name)} valid_lft ${leaseSeconds} preferred_lft ${leaseSeconds}`;
}

function oneLine(words: string): string {
  return words
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('Command failed'))
    .join('; ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`expected JSON from ip, got ${JSON.stringify(text.slice(0, 80))}; is this iproute2 4.13 or later?`);
  }
}
