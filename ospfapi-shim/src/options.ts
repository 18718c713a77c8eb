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
  /** How long to wait for the handshake, and for the answer to a request, in ms. Default 5000. */
  readonly requestTimeoutMs?: number;
  /** Wait before the first new attempt, doubled up to `maxRetryMs`. Default 100 ms. */
  readonly minRetryMs?: number;
  /** Default 1000 ms. */
  readonly maxRetryMs?: number;
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
    requestTimeoutMs: 5000,
    minRetryMs: 100,
    maxRetryMs: 1000,
    hasInstance: isLocal ? hasOspfInstance : async () => true,
    ...options,
  };
  checkRange('port', resolved.port, 1, 65_535);
  checkRange('requestTimeoutMs', resolved.requestTimeoutMs, 1, 600_000);
  checkRange('minRetryMs', resolved.minRetryMs, 1, 600_000);
  checkRange('maxRetryMs', resolved.maxRetryMs, resolved.minRetryMs, 600_000);
  for (const { opaqueType } of resolved.opaque) checkRange('opaqueType', opaqueType, 0, 255);
  return resolved;
}

function checkRange(name: string, value: number, lowest: number, highest: number): void {
  if (!Number.isInteger(value) || value < lowest || value > highest) {
    throw new RangeError(`${name} must be a whole number from ${lowest} to ${highest}, not ${value}`);
  }
}
