import { formatIpv4, type Ipv4, type LsaInstance, lsaIdentity } from 'ospfapi-shim';
import { lsaId } from './identity.js';
import type { Meaning } from './meaning.js';

/** An LSA that was read: what it is called, where it belongs, what it says. */
export interface ReadLsa {
  readonly name: string;
  readonly type: number;
  readonly linkStateId: Ipv4;
  readonly advertisingRouter: string;
  readonly area: string | null;
  readonly meaning: Meaning;
}

export function readLsa(instance: LsaInstance, meaning: Meaning): ReadLsa {
  const { header, area } = instance;
  return {
    name: lsaId(lsaIdentity(instance)),
    type: header.type,
    linkStateId: header.linkStateId,
    advertisingRouter: formatIpv4(header.advertisingRouter),
    area: area === null ? null : formatIpv4(area),
    meaning,
  };
}
