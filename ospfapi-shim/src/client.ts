import type { OspfApiEvent } from './events.js';
import type { Ipv4 } from './ipv4.js';
import type { OpaqueLsaType } from './lsa-header.js';
import type { LsdbMirror } from './lsdb.js';
import type { OspfApiReply } from './reply.js';

export interface OspfApiOptions {
  /** Where ospfd's API listens. ospfd connects back to the address we come from. */
  readonly host: string;
  /** Usually 2607. */
  readonly port: number;
  /** The kinds of opaque LSA that this client will originate. ospfd gives each to one client at a time. */
  readonly opaque: readonly { readonly lsaType: OpaqueLsaType; readonly opaqueType: number }[];
  /** How long to wait for the answer to a request, in ms. Default 5000. */
  readonly requestTimeoutMs?: number;
}

/** An opaque LSA to originate; advertising router, sequence number and checksum are ospfd's business. */
export interface OpaqueLsa {
  readonly lsaType: OpaqueLsaType;
  readonly linkStateId: Ipv4;
  /** Type 10 only; default 0.0.0.0. */
  readonly area?: Ipv4;
  /** Type 9 only, and needed there: our address on the link. */
  readonly interfaceAddress?: Ipv4;
  readonly body: Uint8Array;
}

export interface OspfApiClientApi {
  /** Begins to connect, and goes on connecting until stopped. */
  start(listener: (event: OspfApiEvent) => void): void;
  /** Closes the session; ospfd then flushes what was originated in it. No event follows. */
  stop(): Promise<void>;
  /** Originates, or updates in place. Never rejects. */
  originate(lsa: OpaqueLsa): Promise<OspfApiReply>;
  /** Never rejects. */
  delete(lsa: Omit<OpaqueLsa, 'body'>): Promise<OspfApiReply>;
  readonly lsdb: LsdbMirror;
  /** All routers that SPF reaches now. */
  readonly reachable: ReadonlySet<Ipv4>;
  /** undefined while there is no session. */
  readonly routerId: Ipv4 | undefined;
}
export declare class OspfApiClient implements OspfApiClientApi {
  constructor(options: OspfApiOptions);
  readonly lsdb: LsdbMirror;
  readonly reachable: ReadonlySet<Ipv4>;
  get routerId(): Ipv4 | undefined;
  start(listener: (event: OspfApiEvent) => void): void;
  stop(): Promise<void>;
  originate(lsa: OpaqueLsa): Promise<OspfApiReply>;
  delete(lsa: Omit<OpaqueLsa, 'body'>): Promise<OspfApiReply>;
}
