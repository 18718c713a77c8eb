import { randomBytes } from 'node:crypto';
import { cpSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ConvergedOptions, waitUntilConverged } from './convergence.js';
import { startFrr } from './frr.js';
import { type BfdTiming, FAST_BFD, FAST_TIMING, type FrrTiming } from './frr-config.js';
import { type FrrChoice, findFrr } from './frr-installation.js';
import { Host } from './host.js';
import { clearWhenThisProcessEnds } from './lifetime.js';
import { beginRecord, clearAbandonedLabs, clearLab } from './record.js';
import {
  addLink,
  addNamespace,
  addSubnet,
  createTopology,
  healPartition,
  partition,
  type Subnet,
  type SubnetOptions,
  setKernelOptions,
  type Topology,
} from './topology.js';

export interface LabOptions {
  /** Begins the lab's name, for people: 1 to 12 of a-z and 0-9. Default `lab`. */
  readonly name?: string;
  /** The FRR of all hosts that do not say otherwise. Default `installed`. */
  readonly frr?: FrrChoice;
  readonly timing?: Partial<FrrTiming>;
  /** Default 3 × 50 ms. `false`: none, neighbours are lost by the dead interval. */
  readonly bfd?: BfdTiming | false;
  /** The OSPF area of everything. Default 0.0.0.0. */
  readonly area?: string;
}

export interface HostOptions {
  /** A subnet, or a subnet and the host's address in it; without one the next free address is taken. */
  readonly subnets: readonly (Subnet | { readonly subnet: Subnet; readonly address: string })[];
  /** Default 10.0.0.N for the Nth host with FRR. Also its address on `lo`, announced. */
  readonly routerId?: string;
  readonly frr?: FrrChoice;
  /** RFC 2328 Router Priority. Default 1. */
  readonly priority?: number;
}

export interface NodeOptions extends HostOptions {
  /** Start ospfd with its API. Default true. */
  readonly ospfApi?: boolean;
}

export interface PlainHostOptions {
  readonly subnets: HostOptions['subnets'];
}

export interface ClientOptions {
  readonly subnet: Subnet;
  readonly address?: string;
  /** A plain host with a default route through this router. Absent: a client that speaks OSPF itself. */
  readonly via?: Host;
}

export interface Lab {
  readonly name: string;
  /** Everything the lab writes is here until it is destroyed. */
  readonly directory: string;
  readonly hosts: readonly Host[];
  subnet(name: string, prefix: string, options?: SubnetOptions): Subnet;
  /** A router: FRR, forwards, no OSPF API. */
  router(name: string, options: HostOptions): Promise<Host>;
  /** A node of the cluster: a router with the OSPF API, ready for srrd. */
  node(name: string, options: NodeOptions): Promise<Host>;
  client(name: string, options: ClientOptions): Promise<Host>;
  /** A host without FRR, that knows the way to its own subnets only. */
  plainHost(name: string, options: PlainHostOptions): Promise<Host>;
  /**
   * Waits until OSPF agrees with the wires as they are now: all neighbours adjacent, BFD sessions up, every host has
   * routes to exactly the subnets and router IDs it can reach. Resolves with how long that took, in ms.
   */
  converged(options?: ConvergedOptions): Promise<number>;
  /** Splits the subnets between groups of hosts; hosts in no group stay with the first. Resolves with the time. */
  partition(groups: readonly (readonly Host[])[]): Promise<bigint>;
  /** Ends the partition; cut links stay cut. */
  heal(): Promise<bigint>;
  /** Ends all processes and removes all that was made. May be called twice. */
  destroy(): Promise<void>;
}

/** Clears what dead labs left, and begins a new one. Throws, saying what to do, if this machine cannot have one. */
export async function createLab(options: LabOptions = {}): Promise<Lab> {
  if (process.getuid?.() !== 0) throw new Error('a lab makes network namespaces: run it as root');
  const prefix = options.name ?? 'lab';
  if (!/^[a-z0-9]{1,12}$/.test(prefix)) throw new RangeError(`a lab's name is 1 to 12 of a-z and 0-9, not "${prefix}"`);
  clearAbandonedLabs();
  const name = `srrd-${prefix}-${process.pid}-${randomBytes(3).toString('hex')}`;
  const directory = beginRecord(name);
  const forget = clearWhenThisProcessEnds(() => clearLab(directory));
  try {
    return new NamespaceLab(name, directory, options, await createTopology(name, directory), forget);
  } catch (error) {
    forget();
    clearLab(directory);
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `this machine cannot make network namespaces with "ip netns" (needs root and CAP_SYS_ADMIN): ${reason}`,
    );
  }
}

class NamespaceLab implements Lab {
  readonly hosts: Host[] = [];
  private destroyed = false;
  private routerIds = 0;

  constructor(
    readonly name: string,
    readonly directory: string,
    private readonly options: LabOptions,
    private readonly topology: Topology,
    private readonly forget: () => void,
  ) {}

  subnet(name: string, prefix: string, options: SubnetOptions = {}): Subnet {
    return addSubnet(this.topology, name, prefix, options);
  }

  router(name: string, options: HostOptions): Promise<Host> {
    return this.ospfHost(name, options, false);
  }

  node(name: string, options: NodeOptions): Promise<Host> {
    return this.ospfHost(name, options, options.ospfApi ?? true);
  }

  async client(name: string, options: ClientOptions): Promise<Host> {
    const { subnet, address, via } = options;
    const attachment = address === undefined ? subnet : { subnet, address };
    if (via === undefined) return this.ospfHost(name, { subnets: [attachment] }, false);
    const host = await this.host(name, null, [attachment], KERNEL_OF_A_CLIENT);
    await host.exec(['ip', 'route', 'add', 'default', 'via', via.link(subnet).address]);
    return host;
  }

  plainHost(name: string, { subnets }: PlainHostOptions): Promise<Host> {
    return this.host(name, null, subnets, KERNEL_OF_A_PLAIN_HOST);
  }

  async converged(options: ConvergedOptions = {}): Promise<number> {
    const tookMs = await waitUntilConverged(this.hosts, this.options.bfd !== false, options);
    const speakers = this.hosts.filter((host) => host.hasFrr && host.frr.running('ospfd'));
    await Promise.all(speakers.map((host) => host.frr.settle()));
    return tookMs;
  }

  partition(groups: readonly (readonly Host[])[]): Promise<bigint> {
    return partition(
      this.topology,
      groups.map((group) => group.map((host) => host.name)),
    );
  }

  heal(): Promise<bigint> {
    return healPartition(this.topology);
  }

  async destroy(): Promise<void> {
    if (this.destroyed) return;
    this.destroyed = true;
    keepLogs(this.directory, this.name);
    clearLab(this.directory);
    this.forget();
  }

  private async ospfHost(name: string, options: HostOptions, ospfApi: boolean): Promise<Host> {
    this.routerIds += 1;
    const routerId = options.routerId ?? `10.0.0.${this.routerIds}`;
    const installation = await findFrr(options.frr ?? this.options.frr ?? 'installed');
    const host = await this.host(name, routerId, options.subnets, KERNEL_OF_A_ROUTER);
    await host.exec(['ip', 'address', 'add', `${routerId}/32`, 'dev', 'lo']);
    const frr = await startFrr({
      namespace: host.namespace,
      directory: join(host.directory, 'frr'),
      installation,
      ospfApi,
      config: {
        hostName: name,
        routerId,
        links: host.links,
        timing: { ...FAST_TIMING, ...this.options.timing },
        bfd: this.options.bfd ?? FAST_BFD,
        area: this.options.area ?? '0.0.0.0',
        priority: options.priority ?? 1,
        logDirectory: join(host.directory, 'frr'),
      },
    });
    host.install(frr);
    return host;
  }

  private async host(
    name: string,
    routerId: string | null,
    attachments: HostOptions['subnets'],
    kernelOptions: Readonly<Record<string, number>>,
  ): Promise<Host> {
    if (!/^[a-z0-9-]{1,16}$/.test(name))
      throw new RangeError(`a host's name is 1 to 16 of a-z, 0-9 and "-", not "${name}"`);
    if (this.hosts.some((host) => host.name === name)) throw new RangeError(`there is already a host ${name}`);
    const host = new Host(name, `${this.name}-${name}`, join(this.directory, 'hosts', name), routerId);
    this.hosts.push(host);
    await addNamespace(this.directory, host.namespace);
    await setKernelOptions(host.namespace, kernelOptions);
    for (const attachment of attachments) {
      const [subnet, address] =
        'subnet' in attachment ? [attachment.subnet, attachment.address] : [attachment, undefined];
      host.links.push(await addLink(this.topology, host, subnet, address));
    }
    return host;
  }
}

const KERNEL_OF_A_CLIENT = {
  'net/ipv4/conf/all/rp_filter': 0,
  'net/ipv4/conf/default/rp_filter': 0,
  // A redirect would move the client's route behind OSPF's back.
  'net/ipv4/conf/all/accept_redirects': 0,
  'net/ipv4/conf/default/accept_redirects': 0,
};

const KERNEL_OF_A_ROUTER = {
  ...KERNEL_OF_A_CLIENT,
  'net/ipv4/ip_forward': 1,
  'net/ipv4/conf/all/send_redirects': 0,
  'net/ipv4/conf/default/send_redirects': 0,
  // Host.answerAt listens at an address before the host has it.
  'net/ipv4/ip_nonlocal_bind': 1,
};

/** It forwards nothing: what comes for an address that it has no more is lost, and is not kept until another has it. */
const KERNEL_OF_A_PLAIN_HOST = { ...KERNEL_OF_A_ROUTER, 'net/ipv4/ip_forward': 0 };

/** SRRD_LAB_LOGS=FOLDER keeps each lab's configuration, logs and raw data there. */
function keepLogs(directory: string, name: string): void {
  const target = process.env.SRRD_LAB_LOGS;
  if (target === undefined || target === '') return;
  mkdirSync(target, { recursive: true });
  cpSync(directory, join(target, name), { recursive: true, filter: isFileOrFolder });
}

/** Sockets and pipes cannot be copied. */
function isFileOrFolder(path: string): boolean {
  const entry = lstatSync(path);
  return entry.isFile() || entry.isDirectory();
}
