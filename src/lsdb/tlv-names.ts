/** TLVs of other people's opaque LSAs, as far as they have names here. */

/** RFC 3630 section 2.4, RFC 5786 section 4. */
const TRAFFIC_ENGINEERING = new Map([
  [1, 'router address'],
  [2, 'link'],
  [5, 'node attribute'],
]);

/** RFC 3630 section 2.5, RFC 4203 section 1, RFC 5392 section 3.2. */
const TE_LINK = new Map([
  [1, 'link type'],
  [2, 'link ID'],
  [3, 'local interface IP address'],
  [4, 'remote interface IP address'],
  [5, 'traffic engineering metric'],
  [6, 'maximum bandwidth'],
  [7, 'maximum reservable bandwidth'],
  [8, 'unreserved bandwidth'],
  [9, 'administrative group'],
  [11, 'link local/remote identifiers'],
  [14, 'link protection type'],
  [15, 'interface switching capability descriptor'],
  [16, 'shared risk link group'],
  [21, 'remote AS number'],
  [22, 'IPv4 remote ASBR ID'],
]);

/** RFC 5786 section 4. */
const TE_NODE = new Map([
  [1, 'node IPv4 local address'],
  [2, 'node IPv6 local address'],
]);

/** RFC 3623 appendix A. */
const GRACE = new Map([
  [1, 'grace period'],
  [2, 'restart reason'],
  [3, 'IP interface address'],
]);

/** RFC 7770 sections 2.4 and 2.6, RFC 5642, RFC 5088, RFC 8665. */
const ROUTER_INFORMATION = new Map([
  [1, 'informational capabilities'],
  [2, 'functional capabilities'],
  [3, 'traffic engineering mesh group'],
  [6, 'PCE discovery'],
  [7, 'dynamic hostname'],
  [8, 'SR algorithm'],
  [9, 'SID/label range'],
  [14, 'SR local block'],
  [15, 'SRMS preference'],
]);

const BY_OPAQUE_TYPE: ReadonlyMap<number, ReadonlyMap<number, string>> = new Map([
  [1, TRAFFIC_ENGINEERING],
  [3, GRACE],
  [4, ROUTER_INFORMATION],
  [6, TRAFFIC_ENGINEERING],
  // RFC 7684 sections 2.1 and 3.1.
  [7, new Map([[1, 'extended prefix']])],
  [8, new Map([[1, 'extended link']])],
]);

/** TLVs whose value is a sequence of sub-TLVs, by opaque type and TLV type. */
const CONTAINERS: ReadonlyMap<string, ReadonlyMap<number, string>> = new Map([
  ['1/2', TE_LINK],
  ['1/5', TE_NODE],
  ['6/2', TE_LINK],
]);

export function foreignTlvName(opaqueType: number, type: number): string {
  return BY_OPAQUE_TYPE.get(opaqueType)?.get(type) ?? `TLV ${type}`;
}

/** The names of the sub-TLVs, if this TLV consists of some. */
export function containerOf(opaqueType: number, type: number): ReadonlyMap<number, string> | undefined {
  return CONTAINERS.get(`${opaqueType}/${type}`);
}
