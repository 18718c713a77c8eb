import type { LsdbMirror, OspfApiClientApi } from 'ospfapi-shim';

/** What the OSPF transport needs of the OSPF API client; tests put a model of ospfd in its place. */
export type OspfPort = Pick<OspfApiClientApi, 'start' | 'stop' | 'originate' | 'delete' | 'reachable'> & {
  readonly lsdb: Pick<LsdbMirror, 'list' | 'expired'>;
};
