import type { OspfApiClientApi } from 'ospfapi-shim';

/** What the OSPF transport needs of the OSPF API client; tests put a model of ospfd in its place. */
export type OspfPort = Pick<OspfApiClientApi, 'start' | 'stop' | 'originate' | 'delete' | 'lsdb' | 'reachable'>;
