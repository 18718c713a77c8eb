import type { Ipv4Address, RevocationNumber, RouterId } from '../../model/index.js';
import type { NodeState } from '../state/index.js';

/** A node from whose web server revocation lists can be had. */
export interface RevocationHolder {
  readonly node: RouterId;
  readonly addresses: readonly Ipv4Address[];
  readonly port: number;
  readonly lists: readonly RevocationNumber[];
}

/** The other nodes that are reachable, have a web server, and told which revocation lists they have. */
export function revocationHolders({ view }: NodeState): RevocationHolder[] {
  return [...view.nodes.values()].flatMap(({ id, reachable, daemon, daemonPresence }) => {
    if (!reachable || daemon === null || daemonPresence !== 'held') return [];
    const { managementAddresses: addresses, managementPort: port, revocations: lists } = daemon;
    return addresses.length === 0 || lists.length === 0 ? [] : [{ node: id, addresses, port, lists }];
  });
}
