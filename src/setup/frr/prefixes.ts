import { networkInterfaces } from 'node:os';

/** `10.1.1.0/24` */
export type Prefix = `${string}/${string}`;

/** An interface of this machine that has an IPv4 address, loopback left out. */
export interface PrefixedInterface {
  readonly name: string;
  readonly addresses: readonly string[];
  /** Of its first address. */
  readonly prefix: Prefix;
  /** Does not speak OSPF yet, and is to. */
  readonly joins: boolean;
  /** Joins by `ip ospf area`. */
  readonly byInterface: boolean;
}

/** Those that are up. A /32 is no link: it is the address of a service. */
export function interfacesHere(): readonly PrefixedInterface[] {
  return Object.entries(networkInterfaces()).flatMap(([name, list]) => {
    const links = (list ?? []).filter(
      ({ family, internal, netmask }) => family === 'IPv4' && !internal && netmask !== '255.255.255.255',
    );
    const [first] = links;
    if (first === undefined) return [];
    const prefix = `${quad(number(first.address) & number(first.netmask))}/${length(first.netmask)}` as const;
    return [{ name, addresses: links.map(({ address }) => address), prefix, joins: false, byInterface: false }];
  });
}

/** Whether an address is in `10.1.1.0/24`. */
export function prefixIn(address: string, prefix: Prefix): boolean {
  const [network = '', bits = '32'] = prefix.split('/');
  const mask = Number(bits) === 0 ? 0 : -1 << (32 - Number(bits));
  return (number(address) & mask) === (number(network) & mask);
}

function number(address: string): number {
  return address.split('.').reduce((sum, part) => (sum << 8) | Number(part), 0);
}

function quad(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

function length(netmask: string): number {
  return [...(number(netmask) >>> 0).toString(2)].filter((bit) => bit === '1').length;
}
