import type { Link } from './topology.js';

export interface FrrTiming {
  /** Seconds between Hellos, RFC 2328 HelloInterval. Default 1. */
  readonly helloSeconds: number;
  /** RFC 2328 RouterDeadInterval in seconds; also how long an interface waits before it elects a DR. Default 4. */
  readonly deadSeconds: number;
  /** RFC 2328 RxmtInterval in seconds, once the lab has converged for the first time; before that it is 1. Default 5. */
  readonly retransmitSeconds: number;
  /** `timers throttle spf`: initial delay, initial hold, maximum hold. Default 0 10 100. */
  readonly spfThrottleMs: readonly [number, number, number];
  /** `timers throttle lsa all`. Default 0. */
  readonly lsaThrottleMs: number;
  /** `timers lsa min-arrival`. Default 0. */
  readonly lsaMinArrivalMs: number;
}

export const FAST_TIMING: FrrTiming = {
  helloSeconds: 1,
  deadSeconds: 4,
  retransmitSeconds: 5,
  spfThrottleMs: [0, 10, 100],
  lsaThrottleMs: 0,
  lsaMinArrivalMs: 0,
};

/**
 * When OSPF by itself would notice that a neighbour is gone. Tests of failovers allow as much, and print how long it took: a
 * shared machine may stand still for a moment. How fast it is on a quiet one, `make bench` measures.
 */
export const WITHOUT_BFD_MS = FAST_TIMING.deadSeconds * 1000;

/** BFD as RFC 5880 has it: a neighbour is gone after `multiplier` intervals without a packet. */
export interface BfdTiming {
  readonly multiplier: number;
  readonly intervalMs: number;
}

export const FAST_BFD: BfdTiming = { multiplier: 3, intervalMs: 50 };

/** Passwords of the TCP VTYs, as Debian's examples have them. They listen on the namespace's 127.0.0.1 only. */
export const VTY_PASSWORD = 'zebra';

/**
 * When routers elect a DR one after the other, the first packet of a database exchange often comes too early and is sent
 * again after RxmtInterval only (RFC 2328 section 10.6 and 10.8). A lab that is being set up need not wait for that.
 */
export const RETRANSMIT_SECONDS_AT_START = 1;

export interface FrrConfig {
  readonly hostName: string;
  readonly routerId: string;
  readonly links: readonly Link[];
  readonly timing: FrrTiming;
  readonly bfd: BfdTiming | false;
  readonly area: string;
  /** RFC 2328 Router Priority on each interface; 0 is never DR. */
  readonly priority: number;
  readonly logDirectory: string;
}

/** Interfaces have their addresses from the kernel already. */
export function zebraConfig(config: FrrConfig): string {
  return lines(preamble(config, 'zebra'));
}

export function bfddConfig(config: FrrConfig): string {
  const { bfd } = config;
  if (bfd === false) return lines(preamble(config, 'bfdd'));
  return lines([
    ...preamble(config, 'bfdd'),
    'bfd',
    ' profile lab',
    `  detect-multiplier ${bfd.multiplier}`,
    `  transmit-interval ${bfd.intervalMs}`,
    `  receive-interval ${bfd.intervalMs}`,
  ]);
}

export function ospfdConfig(config: FrrConfig, retransmitSeconds: number): string {
  const { timing } = config;
  return lines([
    ...preamble(config, 'ospfd'),
    ...config.links.flatMap((link) => ospfInterface(config, link, retransmitSeconds)),
    'router ospf',
    ` ospf router-id ${config.routerId}`,
    ' capability opaque',
    ` timers throttle spf ${timing.spfThrottleMs.join(' ')}`,
    ` timers throttle lsa all ${timing.lsaThrottleMs}`,
    ` timers lsa min-arrival ${timing.lsaMinArrivalMs}`,
    ` network ${config.routerId}/32 area ${config.area}`,
    ...config.links.map((link) => ` network ${link.subnet.prefix} area ${config.area}`),
  ]);
}

function ospfInterface(config: FrrConfig, link: Link, retransmitSeconds: number): string[] {
  return [
    `interface ${link.interface}`,
    ` ip ospf hello-interval ${config.timing.helloSeconds}`,
    ` ip ospf dead-interval ${config.timing.deadSeconds}`,
    ` ip ospf retransmit-interval ${retransmitSeconds}`,
    ` ip ospf priority ${config.priority}`,
    ...(link.subnet.pointToPoint ? [' ip ospf network point-to-point'] : []),
    // Both are needed: the second alone does not switch BFD on.
    ...(config.bfd === false ? [] : [' ip ospf bfd', ' ip ospf bfd profile lab']),
    'exit',
  ];
}

function preamble(config: FrrConfig, daemon: string): string[] {
  return [
    `hostname ${config.hostName}`,
    `log file ${config.logDirectory}/${daemon}.log informational`,
    `password ${VTY_PASSWORD}`,
    `enable password ${VTY_PASSWORD}`,
  ];
}

function lines(text: readonly string[]): string {
  return `${text.join('\n')}\n`;
}
