import { formatRouterId, routerId } from '../model/index.js';
import {
  type AliasAddress,
  aliasAddress,
  type InterfaceName,
  interfaceName,
  type OspfArea,
  ospfArea,
} from './alias-request.js';
import type { PlacedAlias } from './kernel-addresses.js';
import { interfaceOf, readRunningConfig } from './running-config.js';
import * as command from './vty/commands.js';
import type { VtySession } from './vty/persistent-session.js';

/** An address that ospfd is told to announce. */
export interface AnnouncedAddress {
  readonly address: AliasAddress;
  readonly area: OspfArea;
  /** null: `network A/32 area R`, which holds for every interface. Otherwise `ip ospf area R A` of this interface. */
  readonly interface: InterfaceName | null;
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
}

const BACKBONE = '0.0.0.0';
const WITHHOLDING_LINE = new RegExp(`^ip ospf cost ${command.WITHHOLDING_COST} (\\S+)$`);

/**
 * The lines in ospfd that make it announce our /32s, or withhold them: ospfd announces an address by itself if a wider
 * `network` line or one of its interface covers it. Everything throws VtyRefusal or VtyUnavailable.
 */
export class OspfNetworksControl {
  /** Addresses that have the withholding cost, as far as we know, and their interfaces. */
  readonly #costs = new Map<AliasAddress, InterfaceName>();

  #last: { readonly text: string; readonly found: OspfNetworks } | undefined;

  constructor(readonly ospfd: VtySession) {}

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
    return found;
  }

  /** The areas that this node is in. Throws an Error too if ospfd gives no list of its interfaces. */
  async ownAreas(): Promise<readonly OspfArea[]> {
    return ownAreas(await this.ospfd.show(command.SHOW_OSPF_INTERFACES));
  }

  /** All or, if ospfd refuses one, as many as came before it. */
  async announce(lines: readonly AnnouncedAddress[]): Promise<void> {
    const inRouterOspf = lines.filter((one) => one.interface === null);
    const withheld = lines.flatMap(({ address }) => this.#costOf(address));
    await this.ospfd.configure([
      // First: the other way round the address would be announced with this cost, and at once anew.
      ...withheld.flatMap(withoutCost),
      ...(inRouterOspf.length === 0 ? [] : [command.ROUTER_OSPF]),
      ...inRouterOspf.map((one) => command.network(one.address, one.area)),
      ...lines.flatMap((one) =>
        one.interface === null
          ? []
          : [command.enterInterface(one.interface), command.ipOspfArea(one.address, one.area)],
      ),
    ]);
    for (const { address } of withheld) this.#costs.delete(address);
  }

  /** That a line is not there is no error; that ospfd is not there is one at once. */
  async withdraw(lines: readonly AnnouncedAddress[]): Promise<void> {
    if (lines.length > 0) await this.ospfd.configure(lines.flatMap(withoutLine), false);
  }

  /** Takes the lines away, and whatever else makes ospfd announce these addresses gives nobody a reason to come here. */
  async withhold(aliases: readonly PlacedAlias[], lines: readonly AnnouncedAddress[] = []): Promise<void> {
    // Before it is so: what is asked next is carried out after it.
    for (const one of aliases) this.#costs.set(one.address, one.interface);
    await this.ospfd.configure([
      ...lines.flatMap(withoutLine),
      ...aliases.flatMap((one) => [command.enterInterface(one.interface), command.ipOspfCost(one.address)]),
    ]);
  }

  /** Whether one of them has the withholding cost. */
  withholds(aliases: readonly PlacedAlias[]): boolean {
    return aliases.some(({ address }) => this.#costs.has(address));
  }

  /** Takes the withholding cost away. That ospfd is not there is an error at once. */
  async release(aliases: readonly PlacedAlias[]): Promise<void> {
    if (aliases.length > 0) await this.ospfd.configure(aliases.flatMap(withoutCost), false);
    for (const { address } of aliases) this.#costs.delete(address);
  }

  #costOf(address: AliasAddress): readonly PlacedAlias[] {
    const name = this.#costs.get(address);
    return name === undefined ? [] : [{ address, interface: name }];
  }
}

function withoutLine(line: AnnouncedAddress): readonly command.VtyCommand[] {
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
          ...announcedAddress(held, BACKBONE, name).map((one) => ({
            address: one.address,
            interface: interfaceName(name),
          })),
        );
      }
    }
  }
  return { announced, withheld, perInterface, configured: blocks.some((block) => block.header === 'router ospf') };
}

/** The lines that announce these aliases. */
export function linesFor(
  aliases: readonly PlacedAlias[],
  area: OspfArea,
  perInterface: boolean,
): readonly AnnouncedAddress[] {
  return aliases.map((one) => ({ address: one.address, area, interface: perInterface ? one.interface : null }));
}

/**
 * The area for an alias: the wanted one, or that of the node's own OSPF interfaces. Throws an Error if the node is not in
 * it: ospfd would take the line, become a border router, and nobody would have a route.
 */
export function chooseArea(areas: readonly OspfArea[], wanted: OspfArea | null): OspfArea {
  const [first] = areas;
  if (first === undefined) throw new Error('ospfd has no interface that is up; configure OSPF on one first');
  if (wanted === null && areas.length === 1) return first;
  // A border router: what is in its backbone is reached from everywhere.
  const chosen = areas.find((area) => area === (wanted ?? BACKBONE));
  if (chosen !== undefined) return chosen;
  const here = `this node's OSPF interfaces are in area ${areas.join(' and ')}`;
  throw new Error(wanted === null ? `${here}; say which in \`area\`` : `${here}, not in ${wanted}; correct \`area\``);
}

/** Reads ospfd's `show ip ospf interface json`. Throws an Error for text that is not its answer. */
export function ownAreas(text: string): readonly OspfArea[] {
  const interfaces = parseObject(text)?.interfaces;
  if (!isRecord(interfaces)) throw new Error('ospfd gave no list of OSPF interfaces; is `router ospf` configured?');
  const areas = Object.values(interfaces).flatMap((one) => {
    if (!isRecord(one) || one.ospfEnabled !== true || one.ifUp !== true || typeof one.area !== 'string') return [];
    // Aliases are on loopbacks too, and say only where an alias was put.
    if (one.networkType === 'LOOPBACK') return [];
    return [ospfArea(one.area.split(' ')[0] ?? '')];
  });
  return [...new Set(areas)];
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
      },
    ];
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/** FRR shows an area as it was configured: `area 7` or `area 0.0.0.7`. */
function dotted(area: string): string {
  const id = Number(area);
  return /^\d{1,10}$/.test(area) && id <= 0xffff_ffff ? formatRouterId(routerId(id)) : area;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isRecord(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
