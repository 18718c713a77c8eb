import type { RouteWay } from '../model/index.js';
import { blocksOf } from './address-blocks.js';
import {
  type AliasAddress,
  aliasAddress,
  type InterfaceName,
  interfaceName,
  type OspfArea,
  ospfArea,
} from './alias-request.js';
import {
  COMPLETE,
  canBeExternal,
  canRedistribute,
  commandsToEnd,
  commandsToPermit,
  type ExternalRoutes,
  isOurs,
  NO_EXTERNAL_ROUTES,
  permits,
  readExternalRoutes,
} from './external-routes.js';
import type { PlacedAlias } from './kernel-addresses.js';
import { ownAreas } from './ospf-areas.js';
import { dotted, interfaceOf, readRunningConfig } from './running-config.js';
import * as command from './vty/commands.js';
import type { VtySession } from './vty/persistent-session.js';

/** An address that ospfd is told to announce. */
export interface AnnouncedAddress {
  readonly address: AliasAddress;
  readonly area: OspfArea;
  /** null: `network A/32 area R`, which holds for every interface. Otherwise `ip ospf area R A` of this interface. */
  readonly interface: InterfaceName | null;
  /** As an AS-external LSA: there is no line for the address, our redistribution permits it. */
  readonly external: boolean;
}

/** What ospfd's running configuration says of host addresses. */
export interface OspfNetworks {
  readonly announced: readonly AnnouncedAddress[];
  /** Those with the cost that withholds them, where another line makes ospfd announce them. */
  readonly withheld: readonly PlacedAlias[];
  /** OSPF is configured by `ip ospf area` lines: FRR then refuses `network` ("Please remove all ip ospf area … first"). */
  readonly perInterface: boolean;
  /** There is a `router ospf`. Where there is none, a `network` line of ours would begin one. */
  readonly configured: boolean;
  readonly external: ExternalRoutes;
}

/** So many lines are given to ospfd at once: others wait meanwhile, and it has 2 s for them. */
const LINES_AT_ONCE = 40;
const WITHHOLDING_LINE = new RegExp(`^ip ospf cost ${command.WITHHOLDING_COST} (\\S+)$`);

/**
 * The lines in ospfd that make it announce our /32s, or withhold them: ospfd announces an address by itself if a wider
 * `network` line or one of its interface covers it. Everything throws VtyRefusal or VtyUnavailable.
 */
export class OspfNetworksControl {
  /** Addresses that have the withholding cost, as far as we know, and their interfaces. */
  readonly #costs = new Map<AliasAddress, InterfaceName>();
  #way: RouteWay = 'stub';
  /** All addresses that this node may have: permitted once, they are announced when they are up. */
  #services: readonly AliasAddress[] = [];
  /** As far as we know. */
  #external = NO_EXTERNAL_ROUTES;
  #last: { readonly text: string; readonly found: OspfNetworks } | undefined;

  constructor(readonly ospfd: VtySession) {}

  wantsExternal(): boolean {
    return this.#way === 'external';
  }

  /**
   * The same object as before, as long as ospfd shows the same.
   *
   * @param patient whether to wait for an ospfd that is being restarted.
   */
  async list(patient = true): Promise<OspfNetworks> {
    const text = await this.ospfd.show(command.SHOW_RUNNING_CONFIG, patient);
    if (this.#last?.text !== text) this.#last = { text, found: readOspfNetworks(text) };
    const { found } = this.#last;
    this.#costs.clear();
    for (const one of found.withheld) this.#costs.set(one.address, one.interface);
    this.#external = found.external;
    return found;
  }

  /**
   * How addresses are announced from now on, and which these may be: ospfd is told already, so that nothing but the kernel
   * has to be when they come up. Those that are up are the reconciliation's to change.
   */
  async prefer(way: RouteWay, services: readonly AliasAddress[]): Promise<void> {
    this.#way = way;
    this.#services = services;
    if (way === 'stub') return;
    const { configured, external } = await this.list();
    // In an area that takes no such LSA it may be that none is ever needed: ospfd is told when one is.
    if (configured && canRedistribute(external) && external.closedAreas.length === 0) await this.#permit([]);
  }

  /** The lines that announce these aliases, in the way that this ospfd allows. */
  linesFor(aliases: readonly PlacedAlias[], area: OspfArea, found: OspfNetworks): readonly AnnouncedAddress[] {
    const external = this.#way === 'external' && canBeExternal(aliases, area, found.external);
    return linesFor(aliases, area, found.perInterface, external);
  }

  /** Ends our redistribution, and what it announces. Asks ospfd what there is. That it is not there is an error at once. */
  async endExternal(): Promise<void> {
    if (commandsToEnd(this.#external).length === 0) return;
    await this.#configure(commandsToEnd((await this.list(false)).external), false);
    this.#external = NO_EXTERNAL_ROUTES;
  }

  /** The areas that this node is in. Throws an Error too if ospfd gives no list of its interfaces. */
  async ownAreas(): Promise<readonly OspfArea[]> {
    return ownAreas(await this.ospfd.show(command.SHOW_OSPF_INTERFACES));
  }

  /** All or, if ospfd refuses one, as many as came before it. */
  async announce(lines: readonly AnnouncedAddress[]): Promise<void> {
    const external = lines.filter((one) => one.external).map(({ address }) => address);
    const inRouterOspf = lines.filter((one) => one.interface === null && !one.external);
    const withheld = lines.flatMap(({ address }) => this.#costOf(address));
    const denied = this.#deniedOf(lines);
    if (external.length > 0) await this.#permit(external);
    await this.#configure([
      // First: the other way round the address would be announced with this cost, and at once anew.
      ...withheld.flatMap(withoutCost),
      ...denied.map(command.noDeny),
      ...(inRouterOspf.length === 0 ? [] : [command.ROUTER_OSPF]),
      ...inRouterOspf.map((one) => command.network(one.address, one.area)),
      ...lines.flatMap((one) =>
        one.interface === null || one.external
          ? []
          : [command.enterInterface(one.interface), command.ipOspfArea(one.address, one.area)],
      ),
    ]);
    for (const { address } of withheld) this.#costs.delete(address);
    this.#setDenied(denied, false);
  }

  /** That a line is not there is no error; that ospfd is not there is one at once. */
  async withdraw(lines: readonly AnnouncedAddress[]): Promise<void> {
    await this.#configure(lines.flatMap(withoutLine), false);
  }

  /** Takes the lines away, and whatever else makes ospfd announce these addresses gives nobody a reason to come here. */
  async withhold(aliases: readonly PlacedAlias[], lines: readonly AnnouncedAddress[] = []): Promise<void> {
    // Before it is so: what is asked next is carried out after it.
    for (const one of aliases) this.#costs.set(one.address, one.interface);
    // Only where our route-map is: elsewhere a line more says nothing.
    const denied = isOurs(this.#external) || this.#way === 'external' ? aliases.map(({ address }) => address) : [];
    this.#setDenied(denied, true);
    await this.ospfd.configure([
      ...lines.flatMap(withoutLine),
      ...denied.map(command.deny),
      ...aliases.flatMap((one) => [command.enterInterface(one.interface), command.ipOspfCost(one.address)]),
    ]);
  }

  /** Whether one of them is withheld. */
  withholds(aliases: readonly PlacedAlias[]): boolean {
    return aliases.some(({ address }) => this.#costs.has(address)) || this.#deniedOf(aliases).length > 0;
  }

  /** Withholds them no more. That ospfd is not there is an error at once. */
  async release(aliases: readonly PlacedAlias[], more: readonly AliasAddress[] = []): Promise<void> {
    const denied = [...new Set([...this.#deniedOf(aliases), ...more])];
    await this.#configure([...aliases.flatMap(withoutCost), ...denied.map(command.noDeny)], false);
    for (const { address } of aliases) this.#costs.delete(address);
    this.#setDenied(denied, false);
  }

  /** All services' addresses, and these. */
  async #permit(addresses: readonly AliasAddress[]): Promise<void> {
    const found = this.#external;
    if (addresses.length > 0 && addresses.every((one) => permits({ ...found, denied: [] }, one))) return;
    const permitted = blocksOf([...this.#services, ...addresses]);
    const commands = commandsToPermit(permitted, found);
    for (let index = 0; index < commands.length; index += LINES_AT_ONCE) {
      // `match` and `set` belong to what comes before them: they are all among the first.
      await this.ospfd.configure(commands.slice(index, index + LINES_AT_ONCE));
    }
    this.#external = { ...this.#external, ...COMPLETE, permitted };
  }

  #deniedOf(aliases: readonly Pick<PlacedAlias, 'address'>[]): readonly AliasAddress[] {
    const denied = new Set(this.#external.denied);
    return aliases.map(({ address }) => address).filter((address) => denied.has(address));
  }

  #setDenied(addresses: readonly AliasAddress[], isDenied: boolean): void {
    if (addresses.length === 0) return;
    const others = this.#external.denied.filter((one) => !addresses.includes(one));
    this.#external = { ...this.#external, denied: isDenied ? [...others, ...addresses] : others };
  }

  async #configure(commands: readonly command.VtyCommand[], patient?: boolean): Promise<void> {
    if (commands.length > 0) await this.ospfd.configure(commands, patient);
  }

  #costOf(address: AliasAddress): readonly PlacedAlias[] {
    const name = this.#costs.get(address);
    return name === undefined ? [] : [{ address, interface: name }];
  }
}

function withoutLine(line: AnnouncedAddress): readonly command.VtyCommand[] {
  if (line.external) return [];
  return line.interface === null
    ? [command.ROUTER_OSPF, command.noNetwork(line.address, line.area)]
    : [command.enterInterface(line.interface), command.noIpOspfArea(line.address, line.area)];
}

function withoutCost(alias: PlacedAlias): readonly command.VtyCommand[] {
  return [command.enterInterface(alias.interface), command.noIpOspfCost(alias.address)];
}

/** Reads ospfd's `show running-config`. Lines that are not about single hosts, or make no sense, are left out. */
export function readOspfNetworks(text: string): OspfNetworks {
  const announced: AnnouncedAddress[] = [];
  const withheld: PlacedAlias[] = [];
  let perInterface = false;
  const blocks = readRunningConfig(text);
  for (const block of blocks) {
    const name = interfaceOf(block);
    for (const line of block.lines) {
      if (block.header === 'router ospf') {
        const [, address, area] = /^network (\S+)\/32 area (\S+)$/.exec(line) ?? [];
        announced.push(...announcedAddress(address, area, null));
      } else if (name !== undefined) {
        const [matched, area, address] = /^ip ospf(?: \d+)? area (\S+)(?: (\S+))?$/.exec(line) ?? [];
        if (matched !== undefined) perInterface = true;
        announced.push(...announcedAddress(address, area, name));
        const [, held] = WITHHOLDING_LINE.exec(line) ?? [];
        withheld.push(
          ...announcedAddress(held, '0.0.0.0', name).map((one) => ({
            address: one.address,
            interface: interfaceName(name),
          })),
        );
      }
    }
  }
  return {
    announced,
    withheld,
    perInterface,
    configured: blocks.some((block) => block.header === 'router ospf'),
    external: readExternalRoutes(blocks),
  };
}

/** Whether ospfd announces this address in this way. */
export function isAnnounced(line: AnnouncedAddress, found: OspfNetworks): boolean {
  if (line.external) return permits(found.external, line.address);
  return found.announced.some((one) => one.address === line.address && one.area === line.area);
}

/** The lines that announce these aliases. */
export function linesFor(
  aliases: readonly PlacedAlias[],
  area: OspfArea,
  perInterface: boolean,
  external = false,
): readonly AnnouncedAddress[] {
  return aliases.map((one) => ({
    address: one.address,
    area,
    interface: perInterface ? one.interface : null,
    external,
  }));
}

function announcedAddress(
  address: string | undefined,
  area: string | undefined,
  name: string | null,
): readonly AnnouncedAddress[] {
  if (address === undefined || area === undefined) return [];
  try {
    return [
      {
        address: aliasAddress(address),
        area: ospfArea(dotted(area)),
        interface: name === null ? null : interfaceName(name),
        external: false,
      },
    ];
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
