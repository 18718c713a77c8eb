import { formatIpv4, type LsaIdentity, parseIpv4 } from 'ospfapi-shim';

/**
 * An LSA's name in paths and pages: `TYPE_SCOPE_LINK-STATE-ID_ADVERTISING-ROUTER`. The scope is `as`, an area, or of type 9
 * the area and our address on the link, `0.0.0.0@10.9.1.2`.
 */
export function lsaId({ type, linkStateId, advertisingRouter, area, interfaceAddress }: LsaIdentity): string {
  const scope = area === null ? 'as' : formatIpv4(area);
  const link = interfaceAddress === null ? '' : `@${formatIpv4(interfaceAddress)}`;
  return `${type}_${scope}${link}_${formatIpv4(linkStateId)}_${formatIpv4(advertisingRouter)}`;
}

/** undefined if the text is no such name. */
export function parseLsaId(text: string): LsaIdentity | undefined {
  const match = /^(\d{1,3})_(as|[\d.]+)(?:@([\d.]+))?_([\d.]+)_([\d.]+)$/.exec(text);
  if (match === null) return undefined;
  const [, type, scope = '', link, lsid = '', router = ''] = match;
  const area = scope === 'as' ? null : parseIpv4(scope);
  const interfaceAddress = link === undefined ? null : parseIpv4(link);
  const linkStateId = parseIpv4(lsid);
  const advertisingRouter = parseIpv4(router);
  if (area === undefined || interfaceAddress === undefined) return undefined;
  if (linkStateId === undefined || advertisingRouter === undefined) return undefined;
  return { type: Number(type), linkStateId, advertisingRouter, area, interfaceAddress };
}
