import {
  compareSequence,
  type DaemonAnnouncement,
  formatRouterId,
  type Ipv4Address,
  type RouterId,
  type Sequence,
  type ServiceAnnouncement,
  type SharedDefinition,
} from '../../model/index.js';

/** What another node announced of one replica, or the memory that it withdrew it. */
export interface Observed {
  readonly origin: RouterId;
  announcement: ServiceAnnouncement;
  /** The LSA that brought it last. */
  lsaId: string;
  /** All LSAs that carry it now. A node may flood one announcement twice, and deletes the older LSA later. */
  readonly carriers: Set<string>;
  /** `withdrawn` is kept, so that an older announcement cannot revive the replica. `stale`: not heard in this session. */
  presence: 'held' | 'withdrawn' | 'stale';
  /** Newer than what was known when its node became reachable. */
  confirmed: boolean;
  /** When it was first seen to be starting or started, and when its route was last seen; null: not since then. */
  busySinceMs: number | null;
  routeSeenMs: number | null;
  /** Its address is not announced: when it ceases to count for that (monotonic ms); null: nothing is missing. */
  routeDueMs: number | null;
  /** It says started, but its address is not announced: it does not count. */
  routeless: boolean;
}

/** What is known of one other node. */
export interface KnownNode {
  readonly id: RouterId;
  reachable: boolean;
  daemon: DaemonAnnouncement | null;
  daemonPresence: Observed['presence'];
  /** The LSAs that carry what its daemon said last. */
  readonly daemonCarriers: Set<string>;
  /** Something known of it is still unconfirmed: it is on our ask list while it is reachable. */
  unconfirmed: boolean;
  /** Its daemon has spoken since it is reachable. */
  spoken: boolean;
  /** Its daemon has spoken since it is reachable, but of what it has out something is missing or out of date here. */
  suspect: boolean;
  /** When anything new came from it (monotonic ms). */
  heardAtMs: number;
  /** When it became reachable (monotonic ms). */
  reachableSinceMs: number;
  /** Its last arrivals, the newest last (monotonic ms). */
  arrivalsMs: readonly number[];
  /** It came because its daemon began anew while the node was reachable: it tells all that the earlier life may have left. */
  begunAnew: boolean;
  /** The groups that wait for it: it is elected and does not act, or closes our gate, or owes its assent. */
  readonly awaitedBy: Set<string>;
  /** Awaited and quiet: it is on our ask list, until it answers. */
  probed: boolean;
  /** It did not answer: it does not count until it announces something. */
  silent: boolean;
  /** The groups for which it was elected and did nothing: there it does not count until it acts (idle-owner.ts). */
  readonly passedOver: Set<string>;
  readonly services: Set<string>;
  /** Those of them that are not held now, and since when (monotonic ms), the first ones first (forgetting.ts). */
  readonly gone: Map<string, number>;
  /** By LSA: what it announced in a lower epoch than the highest one. It counts when nothing of the higher is left (forgetting.ts). */
  readonly outdone: Map<string, ServiceAnnouncement>;
  /** Announcements that were dropped, because it announces more than is kept of one node (admission.ts). */
  dropped: number;
  /** The highest epoch in which it was heard, of what is remembered of it. */
  highestEpoch: number;
  /** The highest epoch in which it was ever heard. */
  latestEpoch: number;
  /** Something is held here that only words of an earlier life made it a holder of (holders.ts). */
  hasOutdatedHolders: boolean;
}

/** All announcements of all other nodes. */
export interface View {
  readonly nodes: Map<RouterId, KnownNode>;
  readonly replicas: Map<string, Map<RouterId, Observed>>;
  /** How many replicas that is. */
  size: number;
  /** Announcements of nodes for which there was no room. */
  droppedNodes: number;
  /** The services that anybody, we or others, has put into a group. */
  readonly groups: Map<string, Set<string>>;
  /** The services to which anybody, we or others, has given an address. */
  readonly addresses: Map<Ipv4Address, Set<string>>;
  /** The services that, as anybody has it, depend on a service. */
  readonly dependents: Map<string, Set<string>>;
}

export function emptyView(): View {
  return {
    nodes: new Map(),
    replicas: new Map(),
    size: 0,
    droppedNodes: 0,
    groups: new Map(),
    addresses: new Map(),
    dependents: new Map(),
  };
}

export function knownNode(view: View, id: RouterId): KnownNode {
  let node = view.nodes.get(id);
  if (node === undefined) {
    node = {
      id,
      reachable: false,
      daemon: null,
      daemonPresence: 'stale',
      daemonCarriers: new Set(),
      unconfirmed: false,
      spoken: false,
      suspect: false,
      heardAtMs: 0,
      reachableSinceMs: Number.NEGATIVE_INFINITY,
      arrivalsMs: [],
      begunAnew: false,
      awaitedBy: new Set(),
      probed: false,
      silent: false,
      passedOver: new Set(),
      services: new Set(),
      gone: new Map(),
      outdone: new Map(),
      dropped: 0,
      highestEpoch: 0,
      latestEpoch: 0,
      hasOutdatedHolders: false,
    };
    view.nodes.set(id, node);
  }
  return node;
}

/** Puts a definition, ours or another node's, where its group, its addresses and what depends on a service are looked up. */
export function indexDefinition(view: View, { group, name, addresses, dependsOn }: SharedDefinition): void {
  addTo(view.groups, group, name);
  for (const address of addresses) addTo(view.addresses, address, name);
  for (const needed of dependsOn) addTo(view.dependents, needed, name);
}

/** The services that share an address with this one; in a healthy cluster none. */
export function sharers(view: View, { name, addresses }: SharedDefinition): Set<string> {
  const others = new Set<string>();
  for (const address of addresses) {
    for (const service of view.addresses.get(address) ?? []) if (service !== name) others.add(service);
  }
  return others;
}

function addTo(index: Map<string, Set<string>>, key: string, service: string): void {
  const services = index.get(key);
  if (services === undefined) index.set(key, new Set([service]));
  else services.add(service);
}

/** The groups in which a service is known, here or elsewhere; more than one only in a conflict. */
export function groupsOf(view: View, service: string): string[] {
  const groups = new Set<string>();
  for (const observed of view.replicas.get(service)?.values() ?? []) {
    groups.add(observed.announcement.definition.group);
  }
  return [...groups];
}

/**
 * Takes in a Service announcement of another node. Of one replica the highest sequence counts, whichever LSA carried
 * it. An equal one brings back what was stale or deleted: under another link state ID, because its node floods anew what
 * somebody else has deleted; under the same one, because our ospfd has wiped its LSDB and filled it again (`clear ip ospf
 * process`), or because a router that was cut off during the deletion has brought it back. The latter is no word of its
 * node, so it is unconfirmed. Returns the entry if something changed.
 */
export function observeService(
  view: View,
  origin: RouterId,
  lsaId: string,
  announcement: ServiceAnnouncement,
  confirms: boolean,
): Observed | undefined {
  const service = announcement.definition.name;
  const replicas = view.replicas.get(service) ?? new Map<RouterId, Observed>();
  view.replicas.set(service, replicas);
  const known = replicas.get(origin);
  if (known === undefined) {
    indexDefinition(view, announcement.definition);
    const observed: Observed = {
      origin,
      announcement,
      lsaId,
      carriers: new Set([lsaId]),
      presence: 'held',
      confirmed: confirms,
      busySinceMs: null,
      routeSeenMs: null,
      routeDueMs: null,
      routeless: false,
    };
    replicas.set(origin, observed);
    view.size += 1;
    knownNode(view, origin).services.add(service);
    return observed;
  }
  const order = compareSequence(announcement.sequence, known.announcement.sequence);
  if (order < 0) return undefined;
  indexDefinition(view, announcement.definition);
  if (order > 0) knownNode(view, origin).gone.delete(service);
  if (order === 0) {
    const isBack = known.presence === 'withdrawn' && known.lsaId === lsaId;
    known.lsaId = lsaId;
    known.carriers.add(lsaId);
    if (known.presence === 'held') return undefined;
    carriedBy(known.carriers, lsaId);
    if (known.presence === 'withdrawn') known.confirmed = confirms && !isBack;
    known.presence = 'held';
    knownNode(view, origin).gone.delete(service);
    return known;
  }
  carriedBy(known.carriers, lsaId);
  known.announcement = announcement;
  known.lsaId = lsaId;
  known.presence = 'held';
  known.confirmed = confirms;
  return known;
}

/**
 * Deleting the last LSA that carries the highest sequence withdraws the replica. Deleting an older one, or one of several
 * that carry the same, says nothing.
 */
export function withdrawService(
  view: View,
  origin: RouterId,
  lsaId: string,
  service: string,
  sequence: Sequence,
): boolean {
  const known = view.replicas.get(service)?.get(origin);
  if (known === undefined || known.presence === 'withdrawn') return false;
  if (compareSequence(sequence, known.announcement.sequence) !== 0) return false;
  known.carriers.delete(lsaId);
  if (known.carriers.size > 0) return false;
  known.presence = 'withdrawn';
  known.lsaId = lsaId;
  return true;
}

/** Something new: this is the only LSA that carries it, as far as is known. */
export function carriedBy(carriers: Set<string>, lsaId: string): void {
  carriers.clear();
  carriers.add(lsaId);
}

/** The announced replicas of a service on nodes that can be reached. */
export function* reachableReplicas(view: View, service: string): Generator<Observed> {
  for (const observed of view.replicas.get(service)?.values() ?? []) {
    if (observed.presence === 'held' && view.nodes.get(observed.origin)?.reachable) yield observed;
  }
}

export function nodeLabel(node: KnownNode): string {
  const id = formatRouterId(node.id);
  return node.daemon === null ? id : `${node.daemon.hostName} (${id})`;
}

/** Whom our Daemon LSA asks for a sign of life: reachable nodes that are unconfirmed, or awaited and quiet. */
export function askList(view: View): RouterId[] {
  const asked: RouterId[] = [];
  for (const node of view.nodes.values()) {
    if (node.reachable && (node.unconfirmed || node.probed)) asked.push(node.id);
  }
  return asked.sort((a, b) => a - b);
}
