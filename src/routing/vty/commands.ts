import { EXTERNAL_ROUTE_TAG } from '../../model/index.js';
import type { AddressBlock } from '../address-blocks.js';
import type { AliasAddress, InterfaceName, OspfArea } from '../alias-request.js';

/** One line for FRR's VTY. */
export interface VtyCommand {
  readonly text: string;
  /** `show`: the answer is what was asked for. `configure`: success is silent. */
  readonly kind: 'show' | 'configure';
  /** A refusal with these words means that there was nothing to do. */
  readonly harmless?: RegExp;
}

const ABSENT = /^Can't find specified network area configuration\.$/;

/** MaxLinkMetric (RFC 6987 section 2): the highest cost of a link. */
export const WITHHOLDING_COST = 65_535;

/** Throws a RangeError for text that a VTY would take as more, or as something else, than one command. */
export function vtyCommand(kind: VtyCommand['kind'], text: string, harmless?: RegExp): VtyCommand {
  // `?` asks for help at once, without a newline; `!` and `#` begin a comment; `|` a filter.
  if (!/^[A-Za-z0-9 ./:_-]{1,200}$/.test(text)) {
    throw new RangeError(`expected one VTY command of plain words, got ${JSON.stringify(text.slice(0, 60))}`);
  }
  return harmless === undefined ? { kind, text } : { kind, text, harmless };
}

export const ENABLE = vtyCommand('configure', 'enable');
export const CONFIGURE_TERMINAL = vtyCommand('configure', 'configure terminal');
export const END = vtyCommand('configure', 'end');

export const ROUTER_OSPF = vtyCommand('configure', 'router ospf');
export const SHOW_RUNNING_CONFIG = vtyCommand('show', 'show running-config');
export const SHOW_OSPF_INTERFACES = vtyCommand('show', 'show ip ospf interface json');

export function enterInterface(name: InterfaceName): VtyCommand {
  return vtyCommand('configure', `interface ${name}`);
}

/** In `router ospf`. */
export function network(address: AliasAddress, area: OspfArea): VtyCommand {
  return vtyCommand('configure', `network ${address}/32 area ${area}`);
}

/** In `router ospf`. That the line is not there is no error. */
export function noNetwork(address: AliasAddress, area: OspfArea): VtyCommand {
  return vtyCommand('configure', `no network ${address}/32 area ${area}`, ABSENT);
}

/** In `interface`: what `network` is where OSPF is configured per interface. The two exclude each other. */
export function ipOspfArea(address: AliasAddress, area: OspfArea): VtyCommand {
  return vtyCommand('configure', `ip ospf area ${area} ${address}`);
}

/** In `interface`. */
export function noIpOspfArea(address: AliasAddress, area: OspfArea): VtyCommand {
  return vtyCommand('configure', `no ip ospf area ${area} ${address}`, ABSENT);
}

/** In `interface`. A cost that no router prefers to any other, and that we count as no route (src/flooding/host-routes.ts). */
export function ipOspfCost(address: AliasAddress): VtyCommand {
  return vtyCommand('configure', `ip ospf cost ${WITHHOLDING_COST} ${address}`);
}

/** In `interface`. That the line is not there is no error. */
export function noIpOspfCost(address: AliasAddress): VtyCommand {
  return vtyCommand('configure', `no ip ospf cost ${WITHHOLDING_COST} ${address}`);
}

/** In `interface`. A label belongs to the address: without it FRR does not find it. */
export function noIpAddress(address: AliasAddress, label: string): VtyCommand {
  return vtyCommand('configure', `no ip address ${address}/32 label ${label}`);
}

/** Our names in ospfd: what is up and in the first list, and not in the second, our route-map lets pass. */
export const ROUTE_MAP = 'srrd';
export const PERMITTED = 'srrd';
export const DENIED = 'srrd-withheld';
/** FRR says nothing when it is told to remove an entry that is not there, and has status 13. */
const NOT_THERE = /^$/;

/** Metric 0 and type 1: as far as the node itself, as a stub link is. */
export const REDISTRIBUTE_OURS = vtyCommand(
  'configure',
  `redistribute connected metric 0 metric-type 1 route-map ${ROUTE_MAP}`,
);
export const NO_REDISTRIBUTE = vtyCommand('configure', 'no redistribute connected');
export const NO_ROUTE_MAP = vtyCommand('configure', `no route-map ${ROUTE_MAP}`);
export const NO_PERMITTED = vtyCommand('configure', `no ip prefix-list ${PERMITTED}`);
export const NO_DENIED = vtyCommand('configure', `no ip prefix-list ${DENIED}`);

export const OUR_ROUTE_MAP: readonly VtyCommand[] = [
  vtyCommand('configure', `route-map ${ROUTE_MAP} deny 10`),
  vtyCommand('configure', `match ip address prefix-list ${DENIED}`),
  vtyCommand('configure', `route-map ${ROUTE_MAP} permit 20`),
  vtyCommand('configure', `match ip address prefix-list ${PERMITTED}`),
  vtyCommand('configure', `set tag ${EXTERNAL_ROUTE_TAG}`),
];

/** The host addresses in the block. */
export function permitBlock(block: AddressBlock): VtyCommand {
  return vtyCommand('configure', `ip prefix-list ${PERMITTED} permit ${hostsOf(block)}`);
}

export function noPermitBlock(block: AddressBlock): VtyCommand {
  return vtyCommand('configure', `no ip prefix-list ${PERMITTED} permit ${hostsOf(block)}`, NOT_THERE);
}

export function deny(address: AliasAddress): VtyCommand {
  return vtyCommand('configure', `ip prefix-list ${DENIED} permit ${address}/32`);
}

/** That it is not there is no error. */
export function noDeny(address: AliasAddress): VtyCommand {
  return vtyCommand('configure', `no ip prefix-list ${DENIED} permit ${address}/32`, NOT_THERE);
}

function hostsOf(block: AddressBlock): string {
  return block.endsWith('/32') ? block : `${block} ge 32`;
}
