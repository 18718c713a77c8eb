import { networkInterfaces } from 'node:os';
import { formatRouterId, parseRouterId, routerId } from '../../model/index.js';

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
    const prefix =
      `${formatRouterId(routerId((number(first.address) & number(first.netmask)) >>> 0))}/${length(first.netmask)}` as const;
    return [{ name, addresses: links.map(({ address }) => address), prefix, joins: false, byInterface: false }];
  });
}

function number(address: string): number {
  return parseRouterId(address) ?? 0;
}

function length(netmask: string): number {
  return [...number(netmask).toString(2)].filter((bit) => bit === '1').length;
}
