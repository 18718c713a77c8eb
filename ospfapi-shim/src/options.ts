import type { OpaqueLsaType } from './lsa-header.js';
import { hasOspfInstance } from './ospf-instance.js';

export interface OpaqueRegistration {
  readonly lsaType: OpaqueLsaType;
  readonly opaqueType: number;
}

export interface OspfApiOptions {
  /** Where ospfd's API listens. ospfd connects back to the address we come from. */
  readonly host: string;
  /** Usually 2607. */
  readonly port: number;
  /** The kinds of opaque LSA that this client will originate. ospfd gives each to one client at a time. */
  readonly opaque: readonly OpaqueRegistration[];
  /**
   * ospfd that has sent nothing at all for so long hangs, and the session ends; after a third of it, it is asked for a sign
   * of life. Also how long to wait for the handshake. In ms, default 3000.
   */
  readonly requestTimeoutMs?: number;
  /** Wait before the first new attempt, doubled up to `maxRetryMs`. Default 100 ms. */
  readonly minRetryMs?: number;
  /** Default 1000 ms. */
  readonly maxRetryMs?: number;
  /** How often the mirror is compared with ospfd's LSDB, in ms. Default 300,000. */
  readonly compareEveryMs?: number;
  /** And how long after another neighbour has become Full, in ms. Default 10,000. */
  readonly compareAfterAdjacencyMs?: number;
  /**
   * Asked before each attempt to connect: without an OSPF instance ospfd would crash. Default: looks for OSPF's raw
   * socket in this network namespace if the host is a loopback address, else always true.
   */
  readonly hasInstance?: () => Promise<boolean>;
}

export type ResolvedOptions = Required<OspfApiOptions>;

/** Fills in the defaults. Throws a RangeError that names the option. */
export function resolveOptions(options: OspfApiOptions): ResolvedOptions {
  const isLocal = options.host === 'localhost' || options.host.startsWith('127.');
  const resolved = {
    requestTimeoutMs: 3000,
    minRetryMs: 100,
    maxRetryMs: 1000,
    compareEveryMs: 300_000,
    compareAfterAdjacencyMs: 10_000,
    hasInstance: isLocal ? hasOspfInstance : async () => true,
    ...options,
  };
  checkRange('port', resolved.port, 1, 65_535);
  checkRange('requestTimeoutMs', resolved.requestTimeoutMs, 1, 600_000);
  checkRange('minRetryMs', resolved.minRetryMs, 1, 600_000);
  checkRange('maxRetryMs', resolved.maxRetryMs, resolved.minRetryMs, 600_000);
  checkRange('compareEveryMs', resolved.compareEveryMs, 1, 86_400_000);
  checkRange('compareAfterAdjacencyMs', resolved.compareAfterAdjacencyMs, 1, 86_400_000);
  for (const { opaqueType } of resolved.opaque) checkRange('opaqueType', opaqueType, 0, 255);
  return resolved;
}

function checkRange(name: string, value: number, lowest: number, highest: number): void {
  if (!Number.isInteger(value) || value < lowest || value > highest) {
    throw new RangeError(`${name} must be a whole number from ${lowest} to ${highest}, not ${value}`);
  }
}
