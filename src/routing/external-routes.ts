import { EXTERNAL_ROUTE_TAG } from '../model/index.js';
import { type AddressBlock, isWithin } from './address-blocks.js';
import { type AliasAddress, aliasAddress, type OspfArea, ospfArea } from './alias-request.js';
import type { PlacedAlias } from './kernel-addresses.js';
import { type ConfigBlock, dotted, interfaceOf } from './running-config.js';
import * as command from './vty/commands.js';

/** What ospfd's running configuration says of addresses that are announced as AS-external LSAs. */
export interface ExternalRoutes {
  /** `redistribute connected …` as it is; null: there is none. */
  readonly redistribution: string | null;
  /** Our redistribution and our route-map are there as they should be. */
  readonly complete: boolean;
  /** Something of our route-map is there. */
  readonly routeMap: boolean;
  readonly permitted: readonly AddressBlock[];
  /** Held back, though the list permits them. */
  readonly denied: readonly AliasAddress[];
  /** Networks whose addresses ospfd announces as stub links, as long as they are up. */
  readonly covered: readonly AddressBlock[];
  /** Interfaces of which all addresses are. */
  readonly coveredInterfaces: readonly string[];
  /** Stub areas and NSSAs: no AS-external LSA gets there (RFC 2328 section 3.6, RFC 3101). */
  readonly closedAreas: readonly OspfArea[];
}

export const NO_EXTERNAL_ROUTES: ExternalRoutes = {
  redistribution: null,
  complete: false,
  routeMap: false,
  permitted: [],
  denied: [],
  covered: [],
  coveredInterfaces: [],
  closedAreas: [],
};

const REDISTRIBUTION = command.REDISTRIBUTE_OURS.text;

/** When `commandsToPermit` has been carried out. */
export const COMPLETE = { redistribution: REDISTRIBUTION, complete: true, routeMap: true } as const;

/** Whether our route-map decides what is redistributed: nothing else is known to keep to what we withhold. */
export function isOurs({ redistribution }: ExternalRoutes): boolean {
  return redistribution?.endsWith(` route-map ${command.ROUTE_MAP}`) ?? false;
}

/**
 * Whether these can be announced as AS-external LSAs. Not where somebody else redistributes connected routes: there is one such
 * line in ospfd. Not where ospfd announces them as stub links anyway: routers prefer those. Not in an area that takes no such LSA.
 */
export function canBeExternal(aliases: readonly PlacedAlias[], area: OspfArea, found: ExternalRoutes): boolean {
  if (!canRedistribute(found) || found.closedAreas.includes(area)) return false;
  return !aliases.some(
    (alias) =>
      found.coveredInterfaces.includes(alias.interface) ||
      found.covered.some((block) => isWithin(alias.address, block)),
  );
}

export function canRedistribute(found: ExternalRoutes): boolean {
  return found.redistribution === null || isOurs(found);
}

export function permits(found: ExternalRoutes, address: AliasAddress): boolean {
  return found.complete && !found.denied.includes(address) && found.permitted.some((block) => isWithin(address, block));
}

/** What ospfd must be told so that it announces what is up in these blocks, and nothing else. */
export function commandsToPermit(
  blocks: readonly AddressBlock[],
  found: ExternalRoutes,
): readonly command.VtyCommand[] {
  const missing = blocks.filter((block) => !found.permitted.includes(block));
  const obsolete = found.permitted.filter((block) => !blocks.includes(block));
  return [
    ...(found.complete ? [] : [...command.OUR_ROUTE_MAP, command.ROUTER_OSPF, command.REDISTRIBUTE_OURS]),
    ...missing.map(command.permitBlock),
    ...obsolete.map(command.noPermitBlock),
  ];
}

/** What takes away all that `commandsToPermit` has put there. */
export function commandsToEnd(found: ExternalRoutes): readonly command.VtyCommand[] {
  return [
    ...(isOurs(found) ? [command.ROUTER_OSPF, command.NO_REDISTRIBUTE] : []),
    ...(found.routeMap ? [command.NO_ROUTE_MAP] : []),
    ...(found.permitted.length > 0 ? [command.NO_PERMITTED] : []),
    ...(found.denied.length > 0 ? [command.NO_DENIED] : []),
  ];
}

export function readExternalRoutes(blocks: readonly ConfigBlock[]): ExternalRoutes {
  const routerLines = blocks.filter(({ header }) => header === 'router ospf').flatMap(({ lines }) => lines);
  const lists = blocks.flatMap(({ header }) => {
    const [, list, prefix] = /^ip prefix-list (\S+) seq \d+ permit (\S+?)(?: ge 32)?$/.exec(header) ?? [];
    return list === undefined || prefix === undefined ? [] : [{ list, prefix }];
  });
  const redistribution = routerLines.find((line) => /^redistribute connected\b/.test(line)) ?? null;
  return {
    redistribution,
    complete: redistribution === REDISTRIBUTION && hasOurRouteMap(blocks),
    routeMap: blocks.some(({ header }) => header.startsWith(`route-map ${command.ROUTE_MAP} `)),
    permitted: lists.filter(({ list }) => list === command.PERMITTED).map(({ prefix }) => prefix),
    denied: lists.filter(({ list }) => list === command.DENIED).flatMap(({ prefix }) => hostOf(prefix)),
    covered: routerLines.flatMap((line) => {
      const [, prefix, length] = /^network (\S+\/(\d+)) area \S+$/.exec(line) ?? [];
      return prefix === undefined || length === '32' ? [] : [prefix];
    }),
    coveredInterfaces: blocks.flatMap((block) => {
      const name = interfaceOf(block);
      return name !== undefined && block.lines.some((line) => /^ip ospf(?: \d+)? area \S+$/.test(line)) ? [name] : [];
    }),
    closedAreas: routerLines.flatMap((line) => areaOf(/^area (\S+) (?:stub|nssa)\b/.exec(line)?.[1])),
  };
}

function areaOf(shown: string | undefined): OspfArea[] {
  if (shown === undefined) return [];
  try {
    return [ospfArea(dotted(shown))];
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function hasOurRouteMap(blocks: readonly ConfigBlock[]): boolean {
  const linesOf = (header: string) => blocks.find((block) => block.header === header)?.lines ?? [];
  const deny = linesOf(`route-map ${command.ROUTE_MAP} deny 10`);
  const permit = linesOf(`route-map ${command.ROUTE_MAP} permit 20`);
  return (
    deny.includes(`match ip address prefix-list ${command.DENIED}`) &&
    permit.includes(`match ip address prefix-list ${command.PERMITTED}`) &&
    permit.includes(`set tag ${EXTERNAL_ROUTE_TAG}`)
  );
}

function hostOf(prefix: string): AliasAddress[] {
  const [address = '', length] = prefix.split('/');
  try {
    return length === '32' ? [aliasAddress(address)] : [];
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
