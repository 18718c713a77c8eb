import type { DaemonAnnouncement, Sequence, ServiceAnnouncement } from './announcement.js';
import type { RouterId } from './router-id.js';

/** What another node announced of one replica, or the memory that it withdrew it. */
export interface Observed {
  readonly origin: RouterId;
  announcement: ServiceAnnouncement;
  lsaId: string;
  /** `withdrawn` is kept, so that an older announcement cannot revive the replica. `stale`: not heard in this session. */
  presence: 'held' | 'withdrawn' | 'stale';
  /** Newer than what was known when its node became reachable. */
  confirmed: boolean;
}

/** What is known of one other node. */
export interface KnownNode {
  readonly id: RouterId;
  reachable: boolean;
  daemon: DaemonAnnouncement | null;
  daemonPresence: Observed['presence'];
  /** Something known of it is still unconfirmed: it is on our ask list while it is reachable. */
  asked: boolean;
  readonly services: Set<string>;
}

/** All announcements of all other nodes. */
export interface View {
  readonly nodes: Map<RouterId, KnownNode>;
  readonly replicas: Map<string, Map<RouterId, Observed>>;
  /** The services that anybody, we or others, has put into a group. */
  readonly groups: Map<string, Set<string>>;
}

export function emptyView(): View {
  return { nodes: new Map(), replicas: new Map(), groups: new Map() };
}

/** (epoch, counter) orders all announcements of one node. Positive: `a` is newer. */
export function compareSequence(a: Sequence, b: Sequence): number {
  return a.epoch - b.epoch || a.counter - b.counter;
}

export function knownNode(view: View, id: RouterId): KnownNode {
  let node = view.nodes.get(id);
  if (node === undefined) {
    node = { id, reachable: false, daemon: null, daemonPresence: 'stale', asked: false, services: new Set() };
    view.nodes.set(id, node);
  }
  return node;
}

export function addToGroup(view: View, group: string, service: string): void {
  const members = view.groups.get(group);
  if (members === undefined) view.groups.set(group, new Set([service]));
  else members.add(service);
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
 * it; an equal one only brings back what was stale. Gives the entry if something changed.
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
  addToGroup(view, announcement.definition.group, service);
  if (known === undefined) {
    const observed: Observed = { origin, announcement, lsaId, presence: 'held', confirmed: confirms };
    replicas.set(origin, observed);
    knownNode(view, origin).services.add(service);
    return observed;
  }
  const order = compareSequence(announcement.sequence, known.announcement.sequence);
  if (order < 0) return undefined;
  if (order === 0) {
    known.lsaId = lsaId;
    if (known.presence !== 'stale') return undefined;
    known.presence = 'held';
    return known;
  }
  known.announcement = announcement;
  known.lsaId = lsaId;
  known.presence = 'held';
  known.confirmed = confirms;
  return known;
}

/** Deleting the LSA that carries the highest sequence withdraws the replica; deleting an older one says nothing. */
export function withdrawService(view: View, origin: RouterId, service: string, sequence: Sequence): boolean {
  const known = view.replicas.get(service)?.get(origin);
  if (known === undefined || known.presence === 'withdrawn') return false;
  if (compareSequence(sequence, known.announcement.sequence) < 0) return false;
  known.presence = 'withdrawn';
  return true;
}

/** The announced replicas of a service on nodes that can be reached. */
export function* reachableReplicas(view: View, service: string): Generator<Observed> {
  for (const observed of view.replicas.get(service)?.values() ?? []) {
    if (observed.presence === 'held' && view.nodes.get(observed.origin)?.reachable) yield observed;
  }
}
