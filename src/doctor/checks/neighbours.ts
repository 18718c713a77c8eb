import type { Facts, Neighbour, OspfInterface } from '../facts.js';
import { broken, change, type Finding, fine, inInterface, ROOT_SHELL, remedy } from '../finding.js';
import { isAnnouncement } from '../parse/announcements.js';

/** A Hello that is answered arrives within the next Hello interval; FRR's default is 10 s, and labs use 1 s. */
const INIT_FOR_MS = 5_000;
/** A lost database description is sent again after 5 s (RFC 2328 appendix C.3, RxmtInterval). */
const EXCHANGE_FOR_MS = 8_000;

/** Neighbours that never get to Full, each with the usual reason. */
export function checkNeighbours({ interfaces, neighbours, instance }: Facts): Finding[] {
  if (!neighbours.known || !interfaces.known || !instance.known || instance.value === null) return [];
  const talking = interfaces.value.filter(({ passive }) => !passive);
  if (talking.length === 0) return [];
  if (neighbours.value.length === 0) {
    const text = `No OSPF neighbour is heard on ${talking.map(({ name }) => name).join(', ')}. On both ends expect OSPF on the link, the same area, network, authentication, Hello and dead interval, and a firewall that lets IP protocol 89 through.`;
    return [broken('neighbours', text, remedy(ROOT_SHELL, 'nft add rule inet filter input meta l4proto 89 accept'))];
  }
  const stuck = neighbours.value.flatMap((neighbour) => stuckFinding(neighbour, talking));
  if (stuck.length > 0) return stuck;
  const full = neighbours.value.filter(({ state }) => state === 'Full').length;
  return [fine('neighbours', `${full} of ${neighbours.value.length} neighbours are Full, and none is stuck.`)];
}

function stuckFinding(neighbour: Neighbour, interfaces: readonly OspfInterface[]): Finding[] {
  const { routerId, address, interface: name, state, sinceMs } = neighbour;
  const since = sinceMs === null ? '' : ` for ${Math.round(sinceMs / 1000)} s`;
  const who = `${routerId} (${address}) on ${name}`;
  if (state === 'Init' && (sinceMs ?? 0) >= INIT_FOR_MS) {
    const text = `The neighbour ${who} is in Init${since}: we hear it, it does not hear us. A firewall there drops IP protocol 89, its authentication differs, or multicast goes one way only.`;
    const accept = remedy(`a shell on ${address}, as root`, 'nft insert rule inet filter input meta l4proto 89 accept');
    return [broken('neighbour-stuck-init', text, accept)];
  }
  if (['ExStart', 'Exchange', 'Loading'].includes(state) && (sinceMs ?? 0) >= EXCHANGE_FOR_MS) {
    const mtu = interfaces.find((one) => one.name === name)?.mtu ?? 1500;
    const text = `The neighbour ${who} is in ${state}${since}: the databases are not exchanged. Mostly the MTU differs: ours is ${mtu}. Give both ends the same, or else let OSPF ignore it there and here.`;
    const set = remedy(
      `a shell on ${address}, as root, if its MTU is another one`,
      `ip link set dev INTERFACE mtu ${mtu}`,
    );
    return [broken('neighbour-stuck-exchange', text, set, inInterface(name, 'ip ospf mtu-ignore'))];
  }
  return [];
}

/**
 * While a broadcast link has no DR, or a new one is not adjacent to all, who is behind it cannot be reached (RFC 2328
 * section 9.4): 50 to 400 ms when the DR dies, BFD or not.
 */
export function checkDesignatedRouter({ interfaces, neighbours, lsdb }: Facts): Finding[] {
  if (!interfaces.known || !neighbours.known) return [];
  const nodes = lsdb.known ? new Set(lsdb.value.filter(isAnnouncement).map((lsa) => lsa.advertisingRouter)) : null;
  return interfaces.value
    .filter(({ networkType, passive }) => networkType === 'BROADCAST' && !passive)
    .flatMap((one) => {
      const others = neighbours.value.filter((neighbour) => neighbour.interface === one.name);
      if (others.length > 0 && !one.hasDr && one.state !== 'Waiting') return [noDr(one)];
      const routers = nodes === null ? [] : others.filter(({ routerId }) => !nodes.has(routerId));
      if (one.priority > 0 && routers.length > 0) return [mayBecomeDr(one, routers)];
      return [fine('designated-router', `${one.name}: no router of the link depends on this node as DR.`)];
    });
}

function noDr(one: OspfInterface): Finding {
  const text = `There is no DR on ${one.name}, so no routes lead over it: every router there has priority 0. Give two that stay up another one.`;
  return broken('no-designated-router', text, {
    ...inInterface(one.name, 'ip ospf priority 1'),
    where: '/etc/frr/frr.conf of routers on the link',
  });
}

function mayBecomeDr(one: OspfInterface, routers: readonly Neighbour[]): Finding {
  const who = routers.map(({ routerId }) => routerId).join(', ');
  const text = `This node ${one.state === 'DR' ? 'is' : 'may become'} DR on ${one.name}, which it shares with ${who} without srrd. When a DR dies, all behind the link are unreachable for 50 to 400 ms, also those that are well. Leave it to the routers.`;
  return change('designated-router', text, inInterface(one.name, 'ip ospf priority 0'));
}
