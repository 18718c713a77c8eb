import { type Ipv4, type OpaqueLsaType, parseIpv4 } from 'ospfapi-shim';
import type { Announcement, Scope } from '../model/index.js';
import type { FloodingScope } from './transport.js';

/** Where an LSA is flooded (RFC 5250 section 2). */
export interface Placement {
  readonly lsaType: OpaqueLsaType;
  /** Type 10 only. */
  readonly area: Ipv4 | null;
  /** Type 9 only: our address on the link. */
  readonly interfaceAddress: Ipv4 | null;
}

export type PlacementResult =
  | { readonly result: 'placed'; readonly placement: Placement }
  /** ospfd has not told yet what we need to know. */
  | { readonly result: 'unknown' }
  | { readonly result: 'refused'; readonly reason: string };

/** What ospfd has told of its interfaces, and what the system tells of them. */
export interface Surroundings {
  /** Areas by interface address, as ospfd tells them. */
  readonly areas: ReadonlyMap<Ipv4, Ipv4>;
  /** Whether ospfd has told everything. */
  readonly complete: boolean;
  /** The IPv4 addresses of an interface, as dotted quads. */
  addressesOf(interfaceName: string): readonly string[];
}

const AS_WIDE: Placement = { lsaType: 11, area: null, interfaceAddress: null };

export const LSA_TYPE_OF_SCOPE: Readonly<Record<Scope, OpaqueLsaType>> = { link: 9, area: 10, as: 11 };

export function place(announcement: Announcement, scope: FloodingScope, surroundings: Surroundings): PlacementResult {
  if (announcement.kind !== 'service') return { result: 'placed', placement: AS_WIDE };
  switch (announcement.definition.scope) {
    case 'as':
      return { result: 'placed', placement: AS_WIDE };
    case 'area':
      return inArea(announcement.definition.area, surroundings);
    case 'link':
      return onLink(scope.link, surroundings);
  }
}

/** Tells apart LSAs of ours that have the same link state ID. */
export function placeKey(placement: Placement): string {
  return `${placement.lsaType}/${placement.area ?? placement.interfaceAddress ?? ''}`;
}

function inArea(configured: string | null, surroundings: Surroundings): PlacementResult {
  const area = configured === null ? ownArea(surroundings) : parseIpv4(configured);
  if (area !== undefined) {
    return { result: 'placed', placement: { lsaType: 10, area, interfaceAddress: null } };
  }
  if (configured === null && !surroundings.complete) return { result: 'unknown' };
  const reason =
    configured === null
      ? 'ospfd has no interface in any area: give one a network line, or configure the area of the service'
      : `an area is a dotted quad such as 0.0.0.0, not ${configured}`;
  return { result: 'refused', reason };
}

/** Of several areas the lowest, so that the answer does not depend on the order in which ospfd told of them. */
function ownArea(surroundings: Surroundings): Ipv4 | undefined {
  let lowest: Ipv4 | undefined;
  for (const area of surroundings.areas.values()) {
    if (lowest === undefined || area < lowest) lowest = area;
  }
  return lowest;
}

function onLink(link: string | null, surroundings: Surroundings): PlacementResult {
  if (link === null) return { result: 'refused', reason: 'scope link needs the name of an interface (link: eth0)' };
  for (const text of surroundings.addressesOf(link)) {
    const address = parseIpv4(text);
    if (address === undefined || !surroundings.areas.has(address)) continue;
    return { result: 'placed', placement: { lsaType: 9, area: null, interfaceAddress: address } };
  }
  if (!surroundings.complete) return { result: 'unknown' };
  return { result: 'refused', reason: `ospfd runs on no address of ${link}: give it a network line, or another link` };
}
