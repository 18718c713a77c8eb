import { batch, run } from './command.js';
import { recordNamespace } from './record.js';

/**
 * The wires: one bridge per subnet, all in a network namespace of the lab's own (the hub), and one veth pair per link.
 * Nothing is made in the machine's own namespace.
 */
export interface Topology {
  readonly hub: string;
  readonly directory: string;
  readonly subnets: Subnet[];
  readonly links: Link[];
}

export interface SubnetOptions {
  /** No DR election and no waiting for it; only for subnets with exactly two OSPF routers. Default false. */
  readonly pointToPoint?: boolean;
}

export interface Subnet {
  readonly name: string;
  /** For example `10.1.1.0/24`. */
  readonly prefix: string;
  readonly pointToPoint: boolean;
}

/**
 * `silent`: frames vanish, both ends see their link up, as if a switch in between had died; only BFD or Hellos notice.
 * `unplugged`: the host's interface loses its carrier, the other hosts of the subnet notice nothing.
 */
export type CutKind = 'silent' | 'unplugged';

/** One host's connection to one subnet. */
export interface Link {
  readonly hostName: string;
  readonly subnet: Subnet;
  /** Inside the host: eth0, eth1 and so on. */
  readonly interface: string;
  readonly address: string;
  /** null: the link is whole. */
  readonly state: CutKind | null;
  /** Which part of a partitioned subnet the link is in; 0 when there is no partition. */
  readonly part: number;
  /** Takes effect within about a millisecond; resolves with the time (process.hrtime.bigint) just before. */
  cut(kind?: CutKind): Promise<bigint>;
  restore(): Promise<void>;
}

export async function createTopology(lab: string, directory: string): Promise<Topology> {
  const hub = `${lab}-hub`;
  await addNamespace(directory, hub);
  return { hub, directory, subnets: [], links: [] };
}

export async function addNamespace(directory: string, namespace: string): Promise<void> {
  recordNamespace(directory, namespace);
  await run(['ip', 'netns', 'add', namespace]);
  // No IPv6 of its own: router solicitations and duplicate address detection are noise in a capture.
  await setKernelOptions(namespace, { 'net/ipv6/conf/all/disable_ipv6': 1, 'net/ipv6/conf/default/disable_ipv6': 1 });
  await batch(namespace, ['link set lo up']);
}

export async function setKernelOptions(namespace: string, options: Readonly<Record<string, number>>): Promise<void> {
  const settings = Object.entries(options).map(([key, value]) => `${key.replaceAll('/', '.')}=${value}`);
  await run(['ip', 'netns', 'exec', namespace, 'sysctl', '--quiet', '--write', ...settings]);
}

export function addSubnet(topology: Topology, name: string, prefix: string, options: SubnetOptions): Subnet {
  if (!/^[a-z0-9-]{1,10}$/.test(name)) {
    throw new RangeError(`a subnet's name is 1 to 10 of a-z, 0-9 and "-", not "${name}": it names a bridge`);
  }
  if (topology.subnets.some((subnet) => subnet.name === name))
    throw new RangeError(`there is already a subnet ${name}`);
  const subnet = { name, prefix, pointToPoint: options.pointToPoint ?? false };
  topology.subnets.push(subnet);
  return subnet;
}

/** Gives the host an interface in the subnet, with the given address or the next free one. */
export async function addLink(
  topology: Topology,
  host: { readonly name: string; readonly namespace: string },
  subnet: Subnet,
  address?: string,
): Promise<Link> {
  const port = `p${topology.links.length}`;
  const index = topology.links.filter((link) => link.hostName === host.name).length;
  const link = new VethLink(topology, host, subnet, port, index, address ?? nextAddress(topology, subnet));
  // Known before the first await, so that links made at the same time get different names.
  topology.links.push(link);
  await ensureBridge(topology, subnet, 0);
  await batch(topology.hub, [
    `link add ${port} type veth peer name ${link.interface} netns ${host.namespace}`,
    `link set ${port} up master ${bridge(subnet, 0)}`,
  ]);
  await batch(host.namespace, [
    `addr add ${link.address}/${prefixLength(subnet)} broadcast + dev ${link.interface}`,
    `link set ${link.interface} up`,
  ]);
  return link;
}

/**
 * Splits the subnets that the groups' hosts share: hosts of different groups no longer hear each other, hosts of one
 * group do. Hosts that are in no group stay with the first. Takes effect everywhere within a few milliseconds.
 */
export async function partition(topology: Topology, groups: readonly (readonly string[])[]): Promise<bigint> {
  const parts = new Map(groups.flatMap((group, part) => group.map((host) => [host, part] as const)));
  for (const subnet of topology.subnets) {
    for (let part = 0; part < groups.length; part++) await ensureBridge(topology, subnet, part);
  }
  return movePorts(topology, (link) => parts.get(link.hostName) ?? 0);
}

export async function healPartition(topology: Topology): Promise<bigint> {
  return movePorts(topology, () => 0);
}

async function movePorts(topology: Topology, partOf: (link: Link) => number): Promise<bigint> {
  const moves: string[] = [];
  for (const link of topology.links) {
    const part = partOf(link);
    if (!(link instanceof VethLink) || part === link.part) continue;
    link.part = part;
    if (link.state !== 'silent') moves.push(`link set ${link.port} master ${bridge(link.subnet, part)}`);
  }
  const at = process.hrtime.bigint();
  await batch(topology.hub, moves);
  return at;
}

const bridges = new WeakMap<Topology, Map<string, Promise<void>>>();

async function ensureBridge(topology: Topology, subnet: Subnet, part: number): Promise<void> {
  const name = bridge(subnet, part);
  const made = bridges.get(topology) ?? new Map<string, Promise<void>>();
  bridges.set(topology, made);
  let making = made.get(name);
  if (making === undefined) {
    // Multicast snooping would hold back Hellos: nobody answers its queries here.
    making = batch(topology.hub, [
      `link add ${name} up type bridge stp_state 0 forward_delay 0 mcast_snooping 0 ageing_time 30000`,
    ]);
    made.set(name, making);
  }
  await making;
}

class VethLink implements Link {
  state: CutKind | null = null;
  part = 0;
  readonly hostName: string;
  readonly interface: string;

  constructor(
    private readonly topology: Topology,
    host: { readonly name: string },
    readonly subnet: Subnet,
    readonly port: string,
    index: number,
    readonly address: string,
  ) {
    this.hostName = host.name;
    this.interface = `eth${index}`;
  }

  async cut(kind: CutKind = 'silent'): Promise<bigint> {
    if (this.state !== null) await this.restore();
    this.state = kind;
    const at = process.hrtime.bigint();
    await batch(this.topology.hub, [`link set ${this.port} ${kind === 'silent' ? 'nomaster' : 'down'}`]);
    return at;
  }

  async restore(): Promise<void> {
    if (this.state === null) return;
    const back = this.state === 'silent' ? `master ${bridge(this.subnet, this.part)}` : 'up';
    await batch(this.topology.hub, [`link set ${this.port} ${back}`]);
    this.state = null;
  }
}

function bridge(subnet: Subnet, part: number): string {
  return part === 0 ? `br-${subnet.name}` : `br-${subnet.name}.${part}`;
}

function prefixLength(subnet: Subnet): number {
  return Number(subnet.prefix.split('/')[1]);
}

function nextAddress(topology: Topology, subnet: Subnet): string {
  const used = new Set(topology.links.map((link) => link.address));
  const base = toNumber(subnet.prefix.split('/')[0] ?? '');
  const last = base + 2 ** (32 - prefixLength(subnet)) - 2;
  for (let candidate = base + 1; candidate <= last; candidate++) {
    if (!used.has(toQuad(candidate))) return toQuad(candidate);
  }
  throw new RangeError(`subnet ${subnet.name} (${subnet.prefix}) has no free address left`);
}

function toNumber(quad: string): number {
  return quad.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toQuad(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
