import type { StatusDocument } from '../status-document.js';
import { STOPPED_REPLICA, TEST_STATUS } from '../testing.js';

/** Three nodes; all services are started on the first. */
export function largeStatus(services: number): StatusDocument {
  const ids = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];
  return {
    ...TEST_STATUS,
    nodes: ids.map((routerId, index) => ({
      ...{ routerId, name: `node${index + 1}`, reachable: true, web: null, webDoubt: null, standby: false },
    })),
    services: Array.from({ length: services }, (_, index) => ({
      ...{ name: `S${index}`, kind: 'service', group: `S${index}`, addresses: ['172.16.0.1'], waitsForHolders: [] },
      ...{ owner: '10.0.0.1', elected: '10.0.0.1' },
      replicas: ids.map((routerId) => ({
        ...{ ...STOPPED_REPLICA, claim: 1, routerId, state: routerId === '10.0.0.1' ? 'started' : 'stopped' },
      })),
    })),
  };
}
