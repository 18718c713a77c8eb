import type { Ipv4 } from './ipv4.js';
import type { LsaInstance } from './lsa-header.js';

/** Which LSAs to list; what is left out does not restrict. */
export interface LsaFilter {
  readonly type?: number;
  /** null: those without an area (AS scope). */
  readonly area?: Ipv4 | null;
  readonly interfaceAddress?: Ipv4 | null;
  readonly linkStateId?: Ipv4;
  readonly advertisingRouter?: Ipv4;
}

/** What identifies an LSA within the LSDB: flooding scope, type, link state ID, advertising router (RFC 2328 12.1). */
export interface LsaIdentity {
  readonly type: number;
  readonly linkStateId: Ipv4;
  readonly advertisingRouter: Ipv4;
  readonly area: Ipv4 | null;
  readonly interfaceAddress: Ipv4 | null;
}

/** A copy of ospfd's LSDB as far as the API shows it. Readers only; the client writes it. */
export interface LsdbMirror {
  readonly size: number;
  get(identity: LsaIdentity): LsaInstance | undefined;
  list(filter?: LsaFilter): LsaInstance[];
  /** The Router LSAs of one router, one for each area it is in. */
  routerLsas(router: Ipv4): LsaInstance[];
}
