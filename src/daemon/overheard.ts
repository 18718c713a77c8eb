import type { OspfApiEvent } from 'ospfapi-shim';
import type { OspfPort } from '../flooding/index.js';

/** The same OSPF API client; `hear` gets each event after the transport has had it. */
export function overheard(client: OspfPort, hear: (event: OspfApiEvent) => void): OspfPort {
  return {
    start: (listener) =>
      client.start((event) => {
        listener(event);
        hear(event);
      }),
    stop: () => client.stop(),
    originate: (lsa) => client.originate(lsa),
    delete: (lsa) => client.delete(lsa),
    get reachable() {
      return client.reachable;
    },
    get lsdb() {
      return client.lsdb;
    },
  };
}
