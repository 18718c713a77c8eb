import { formatIpv4, type Ipv4, ipv4 } from 'ospfapi-shim';

/** The opaque type of all our LSAs (RFC 5250 section 3; 128 to 255 are for private use). */
export const OPAQUE_TYPE = 222;

/** The S of Daemon LSAs: opaque ID 256 at generation 0, as in the thesis. */
export const DAEMON_SERIES = 256;
export const COMMAND_SERIES = 257;
/** 256 to 511 are not for services. */
const RESERVED_FROM = 256;
const RESERVED_TO = 511;
export const HIGHEST_SERIES = 0xffff;

/** What a link state ID `222.G.S.S` says. */
export interface AnnouncementId {
  readonly generation: number;
  readonly series: number;
}

export function linkStateId(id: AnnouncementId): Ipv4 {
  return ipv4(((OPAQUE_TYPE << 24) | (id.generation << 16) | id.series) >>> 0);
}

/** undefined if the link state ID has another opaque type. */
export function parseLinkStateId(value: Ipv4): AnnouncementId | undefined {
  if (value >>> 24 !== OPAQUE_TYPE) return undefined;
  return { generation: (value >>> 16) & 0xff, series: value & 0xffff };
}

export function isServiceSeries(series: number): boolean {
  return series < RESERVED_FROM || series > RESERVED_TO;
}

export function formatLsaId(id: AnnouncementId): string {
  return formatIpv4(linkStateId(id));
}
