import { type Ipv4Address, parseRouterId } from '../model/index.js';

/** What a service wants put up, as its definition says it. */
export interface AliasRequest {
  readonly addresses: readonly Ipv4Address[];
  readonly interface: string;
  /** The OSPF area as a dotted quad; null: the area of the node's own OSPF interfaces. */
  readonly area: string | null;
}

/** A unicast IPv4 address, canonical dotted quad: safe as a word of an `ip` or VTY command. */
export type AliasAddress = string & { readonly __brand: 'AliasAddress' };

/** The name of a network interface: one word of letters, digits, `.`, `_` and `-`. */
export type InterfaceName = string & { readonly __brand: 'InterfaceName' };

/** An OSPF area as a canonical dotted quad (RFC 2328 section C.2). */
export type OspfArea = string & { readonly __brand: 'OspfArea' };

/** A checked request: only such words ever reach `ip` and FRR. */
export interface CheckedAliasRequest {
  readonly addresses: readonly AliasAddress[];
  readonly interface: InterfaceName;
  readonly area: OspfArea | null;
}

/**
 * The mark by which our aliases are recognised after a crash: the address label `IFACE:srrd`.
 * Linux holds at most 15 characters of a label, and `ip` wants it to begin with the interface's name.
 */
const MARK = ':srrd';
const LONGEST_LABEL = 15;

/** Throws a RangeError that says what was expected if an address, the interface or the area is not usable. */
export function checkAliasRequest(request: AliasRequest): CheckedAliasRequest {
  if (request.addresses.length === 0) throw new RangeError('a service with an alias needs at least one address');
  const addresses = request.addresses.map(aliasAddress);
  const twice = addresses.find((address, index) => addresses.indexOf(address) !== index);
  if (twice !== undefined) throw new RangeError(`the address ${twice} is listed twice; list it once`);
  return {
    addresses,
    interface: aliasInterface(request.interface),
    area: request.area === null ? null : ospfArea(request.area),
  };
}

/** Throws a RangeError unless the text is an IPv4 address that a service can have. */
export function aliasAddress(text: string): AliasAddress {
  const address = parseRouterId(text);
  if (address === undefined) throw new RangeError(`expected an IPv4 address such as 192.0.2.1, got ${quote(text)}`);
  const network = address >>> 24;
  if (network === 0 || network === 127 || network >= 224) {
    throw new RangeError(`expected an address that can be routed to, got ${text}; choose a unicast address`);
  }
  return text as AliasAddress;
}

/** Throws a RangeError unless an alias can be put up, with its mark, on an interface of this name. */
export function aliasInterface(text: string): InterfaceName {
  const name = interfaceName(text);
  if (name.length + MARK.length > LONGEST_LABEL) {
    throw new RangeError(
      `an alias needs an interface whose name has at most ${LONGEST_LABEL - MARK.length} characters, got ${name}; use lo`,
    );
  }
  return name;
}

/** Throws a RangeError unless the text can be the name of a network interface. */
export function interfaceName(text: string): InterfaceName {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/.test(text)) {
    throw new RangeError(`expected the name of a network interface such as lo or eth0, got ${quote(text)}`);
  }
  return text as InterfaceName;
}

/** Throws a RangeError unless the text is an OSPF area in dotted form. */
export function ospfArea(text: string): OspfArea {
  if (parseRouterId(text) === undefined) {
    throw new RangeError(`expected an OSPF area as a dotted quad such as 0.0.0.0, got ${quote(text)}`);
  }
  return text as OspfArea;
}

/** The label of our aliases on this interface. */
export function aliasLabel(name: InterfaceName): string {
  return `${name}${MARK}`;
}

/** Whether this daemon, or an earlier life of it, put up the address with this label. */
export function isAliasLabel(label: string): boolean {
  return label.endsWith(MARK);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** The address, if it is one that an alias can have. */
export function usableAddress(address: string): readonly AliasAddress[] {
  try {
    return [aliasAddress(address)];
  } catch {
    return [];
  }
}
