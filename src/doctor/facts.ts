import type { Configuration, DefinitionError } from '../config/index.js';
import type { ServiceAnnouncement, ServiceDefinition } from '../model/index.js';
import type { TrustStatus } from '../trust/index.js';
import type { Level } from './finding.js';

/** Something that was looked at, or the reason why it could not be. */
export type Fact<T> =
  | { readonly known: true; readonly value: T }
  /** `level`: how bad it is not to know it; null: another finding says so already. */
  | { readonly known: false; readonly why: string; readonly level: Level | null };

/** All that the checks may know. */
export interface Facts {
  readonly configuration: Fact<Configuration>;
  /** What others may read in srrd's configuration; null: nothing. */
  readonly readableSecrets: Fact<string | null>;
  readonly definitions: Fact<Definitions>;
  readonly vty: Fact<readonly VtyAccess[]>;
  readonly version: Fact<FrrVersion>;
  readonly ospfConfiguration: Fact<OspfConfiguration>;
  readonly instance: Fact<OspfInstance | null>;
  readonly interfaces: Fact<readonly OspfInterface[]>;
  readonly neighbours: Fact<readonly Neighbour[]>;
  readonly lsdb: Fact<readonly LsaRecord[]>;
  readonly announcements: Fact<readonly SeenReplica[]>;
  readonly bfd: Fact<readonly BfdPeer[]>;
  readonly configuredAddresses: Fact<readonly string[]>;
  readonly savedLines: Fact<readonly SavedLine[]>;
  readonly listening: Fact<readonly Listener[]>;
  readonly firewall: Fact<Firewall>;
  readonly kernel: Fact<Kernel>;
  readonly programs: Fact<Programs>;
  readonly clock: Fact<Clock>;
  readonly certificates: Fact<readonly ConfiguredCertificate[]>;
  readonly daemon: Fact<DaemonView>;
}

export interface Definitions {
  readonly accepted: readonly ServiceDefinition[];
  readonly errors: readonly DefinitionError[];
  /** By address; also of those that are left out because this machine has their address by itself. */
  readonly serviceOf: ReadonlyMap<string, string>;
}

/** How the VTY of one FRR daemon answered; `problem` null: well. */
export interface VtyAccess {
  readonly daemon: 'zebra' | 'ospfd';
  readonly kind: 'tcp' | 'unix';
  readonly problem: string | null;
}

export interface FrrVersion {
  /** As FRR says it: `8.4.4`. */
  readonly text: string;
  readonly major: number;
  readonly minor: number;
}

/** What of ospfd's running configuration is not in its `show` commands. */
export interface OspfConfiguration {
  readonly hasRouterOspf: boolean;
  /** Lines below `router ospf`. */
  readonly routerLines: readonly string[];
  /** Lines below `interface NAME`, by name. */
  readonly interfaceLines: ReadonlyMap<string, readonly string[]>;
}

/** `show ip ospf`. Times in ms. */
export interface OspfInstance {
  readonly routerId: string;
  readonly opaqueCapable: boolean;
  readonly spfDelayMs: number;
  readonly spfHoldMs: number;
  readonly spfMaxHoldMs: number;
  readonly lsaThrottleMs: number;
  readonly lsaMinArrivalMs: number;
}

/** An interface on which ospfd speaks to neighbours: loopbacks are left out. */
export interface OspfInterface {
  readonly name: string;
  readonly area: string;
  /** `BROADCAST`, `POINTOPOINT` and so on. */
  readonly networkType: string;
  /** RFC 2328 section 9.1: `DR`, `Backup`, `DROther`, `Waiting`... */
  readonly state: string;
  readonly priority: number;
  /** Whether there is a DR on the link. */
  readonly hasDr: boolean;
  readonly mtu: number;
  readonly deadMs: number;
  readonly neighbours: number;
  /** Sends no Hellos. */
  readonly passive: boolean;
}

export interface Neighbour {
  readonly routerId: string;
  readonly address: string;
  readonly interface: string;
  /** RFC 2328 section 10.1: `Full`, `Init`, `ExStart`... */
  readonly state: string;
  /** Since it last came a step nearer to Full; null if that never happened. */
  readonly sinceMs: number | null;
  /** As ospfd was told by bfdd; null: ospfd asked for no session. */
  readonly bfd: string | null;
}

/** An LSA of ospfd's LSDB that is not being flushed. */
export interface LsaRecord {
  /** `Router`, `AS-external Opaque` and so on. */
  readonly type: string;
  readonly linkStateId: string;
  readonly advertisingRouter: string;
  /** With its header of 20 bytes. */
  readonly length: number;
  /** An opaque LSA's body, if ospfd showed it. */
  readonly body: Uint8Array | null;
}

/** The newest announcement of a replica in our cluster, as it is in the LSDB. */
export interface SeenReplica {
  readonly origin: string;
  readonly announcement: ServiceAnnouncement;
}

export interface BfdPeer {
  readonly address: string;
  readonly up: boolean;
  /** RFC 5880 section 6.8.4: after this time without a packet the session is down, at the slower of its two ends. */
  readonly detectionMs: number;
}

/** A line of FRR's saved configuration that is about a single address. */
export interface SavedLine {
  readonly file: string;
  readonly lineNumber: number;
  readonly text: string;
  readonly address: string;
  readonly kind: 'announced' | 'address';
}

/** A TCP socket that listens. */
export interface Listener {
  readonly address: string;
  readonly port: number;
}

/** Whether packets from outside reach TCP ports of this machine, as far as nftables decides it. */
export interface Firewall {
  /** For each interface but loopback. */
  reaches(port: number): Reach;
  /** Over loopback, by an ordinary user of this machine. */
  reachesLocally(port: number): Reach;
}

/** `some`: it depends on who sends it. */
export type Reach = 'all' | 'some' | 'none';

export interface Kernel {
  readonly forwards: boolean;
  /** Effective value by interface: the larger one of its own and that of `all` (kernel, ip-sysctl). */
  readonly reversePathFilter: ReadonlyMap<string, number>;
}

export interface Programs {
  readonly path: string;
  readonly missing: readonly string[];
}

export interface Clock {
  readonly nowMs: number;
  readonly synchronised: boolean;
}

/** A certificate that `web.tls` names. */
export interface ConfiguredCertificate {
  readonly key: 'cert' | 'ca';
  readonly file: string;
  /** As in `X509Certificate`. */
  readonly validTo: string;
}

/** What only the running daemon knows. */
export interface DaemonView {
  readonly connected: boolean;
  readonly pid: number;
  /** Router IDs that two routers use. */
  readonly duplicateRouterIds: readonly string[];
  /** null: an older daemon. */
  readonly trust: TrustStatus | null;
  /** Why replicas do not count, in the daemon's words. */
  readonly notCounted: readonly { readonly service: string; readonly node: string; readonly why: string }[];
  readonly failures: readonly { readonly service: string; readonly node: string; readonly why: string }[];
}

export function known<T>(value: T): Fact<T> {
  return { known: true, value };
}

export function unknown<T>(why: string, level: Level | null): Fact<T> {
  return { known: false, why, level };
}
