import type { Event } from '../../../src/cluster/index.js';
import type {
  DaemonAnnouncement,
  RouterId,
  Sequence,
  ServiceAnnouncement,
  SharedDefinition,
} from '../../../src/model/index.js';

/** What one life of a daemon was told of another node. */
export interface HeardNode {
  readonly id: RouterId;
  /** In simulated ms; null: it is out of reach. */
  reachableSinceMs: number | null;
  /** When it was last told to be out of reach; null: it never was, or is within reach. */
  lostMs: number | null;
  /** Since when it was within reach last, before it was lost. */
  beforeLossMs: number;
  daemon: DaemonAnnouncement | null;
  daemonCarriers: Set<string>;
  /** Its daemon's announcement was withdrawn, and no newer one has come. */
  daemonGone: boolean;
  /** When it came within reach, or its daemon's announcement appeared, where there was none. */
  readonly arrivalsMs: number[];
  /** The first word of its daemon that came since it is within reach. */
  firstWord: { readonly sequence: Sequence; readonly atMs: number } | null;
  /** When anything new came from it. */
  newsMs: number;
  /** In which it was ever heard, of what is remembered of it. */
  highestEpoch: number;
  /** The host routes of its Router LSA; null: not told. */
  routes: ReadonlySet<string> | null;
}

/** What one life of a daemon was told of another node's replica. */
export interface HeardReplica {
  readonly origin: RouterId;
  announcement: ServiceAnnouncement;
  /** When its node flooded this announcement, as far as was heard. */
  heardMs: number;
  /** The LSA that brought it last. */
  lsaId: string;
  /** Since when an LSA carries it: a router that was cut off may bring back what was withdrawn. */
  heldMs: number;
  /** The LSAs that carry it now: with none it is withdrawn, or was not told of in this session. */
  readonly carriers: Set<string>;
  /** Its daemon had been heard in a later life before: it makes nobody a holder. */
  readonly isOver: boolean;
}

/** What one life of a daemon was told, kept without the core's help. */
export class Heard {
  readonly nodes = new Map<RouterId, HeardNode>();
  readonly #replicas = new Map<string, Map<RouterId, HeardReplica>>();
  /** By LSA: what a node said in a lower epoch while something of a higher one was there. */
  readonly #outdone = new Map<RouterId, Map<string, ServiceAnnouncement>>();
  self: RouterId | null = null;
  synced = false;
  full = 0;

  node(id: RouterId): HeardNode {
    let node = this.nodes.get(id);
    if (node === undefined) {
      node = {
        id,
        reachableSinceMs: null,
        lostMs: null,
        beforeLossMs: Number.POSITIVE_INFINITY,
        daemon: null,
        daemonCarriers: new Set(),
        daemonGone: false,
        arrivalsMs: [],
        firstWord: null,
        newsMs: Number.NEGATIVE_INFINITY,
        highestEpoch: 0,
        routes: null,
      };
      this.nodes.set(id, node);
    }
    return node;
  }

  replicas(service: string): Iterable<HeardReplica> {
    return this.#replicas.get(service)?.values() ?? [];
  }

  replica(service: string, origin: RouterId): HeardReplica | undefined {
    return this.#replicas.get(service)?.get(origin);
  }

  /** All that was heard of one node. */
  *of(origin: RouterId): Generator<HeardReplica> {
    for (const replicas of this.#replicas.values()) {
      const replica = replicas.get(origin);
      if (replica !== undefined) yield replica;
    }
  }

  /** Whether anybody ever said that a service is in this group, and has not put it into another one since. */
  hasMember(group: string): boolean {
    for (const replicas of this.#replicas.values()) {
      for (const { announcement } of replicas.values()) if (announcement.definition.group === group) return true;
    }
    return false;
  }

  isReachable(id: RouterId): boolean {
    return this.nodes.get(id)?.reachableSinceMs != null;
  }

  /** Whether all its addresses are among the routes of its node. */
  hasRoute({ origin, announcement }: HeardReplica): boolean {
    const routes = this.nodes.get(origin)?.routes;
    return announcement.definition.addresses.every((address) => routes?.has(address));
  }

  take(event: Event, nowMs: number): void {
    switch (event.type) {
      case 'connected':
        return this.#begin(event.routerId);
      case 'synced':
        this.synced = true;
        return;
      case 'disconnected':
        this.synced = false;
        this.full = 0;
        for (const node of this.nodes.values()) lose(node, nowMs);
        return;
      case 'neighbours':
        this.full = event.full;
        return;
      case 'reachability':
        for (const id of event.removed) lose(this.node(id), nowMs);
        for (const id of event.added) reach(this.node(id), nowMs);
        return;
      case 'routes':
        this.node(event.origin).routes = new Set(event.addresses);
        return;
      case 'announcement':
        if (event.origin === this.self) return;
        if (event.announcement.kind === 'service') this.#service(event.origin, event.lsaId, event.announcement, nowMs);
        if (event.announcement.kind === 'daemon') this.#daemon(event.origin, event.lsaId, event.announcement, nowMs);
        return;
      case 'withdrawal':
        return this.#withdrawn(event);
      default:
    }
  }

  /** A session: everything follows anew. */
  #begin(self: RouterId): void {
    this.self = self;
    this.synced = false;
    this.#outdone.clear();
    for (const node of this.nodes.values()) {
      node.daemonCarriers.clear();
      node.routes = null;
    }
    for (const replicas of this.#replicas.values()) {
      for (const replica of replicas.values()) {
        replica.carriers.clear();
      }
    }
  }

  #service(origin: RouterId, lsaId: string, announcement: ServiceAnnouncement, nowMs: number): void {
    const { name } = announcement.definition;
    this.#forgetLater(origin, announcement, nowMs);
    const replicas = this.#replicas.get(name) ?? new Map<RouterId, HeardReplica>();
    this.#replicas.set(name, replicas);
    const known = replicas.get(origin);
    const order = known === undefined ? 1 : compare(announcement, known.announcement);
    const outdone = this.#outdone.get(origin) ?? new Map<string, ServiceAnnouncement>();
    this.#outdone.set(origin, outdone);
    if (order < 0 && announcement.sequence.epoch < this.node(origin).highestEpoch) outdone.set(lsaId, announcement);
    else outdone.delete(lsaId);
    if (order < 0) return;
    if (known !== undefined && order === 0) {
      if (known.carriers.size === 0) known.heldMs = nowMs;
      // Under another link state ID its node has flooded it anew; under the same one a router that was cut off may have it still.
      if (known.carriers.size === 0 && lsaId !== known.lsaId) known.heardMs = nowMs;
      known.lsaId = lsaId;
      known.carriers.add(lsaId);
      return;
    }
    const node = this.node(origin);
    node.newsMs = nowMs;
    const isOver = announcement.sequence.epoch < node.highestEpoch;
    replicas.set(origin, {
      origin,
      announcement,
      heardMs: nowMs,
      heldMs: nowMs,
      lsaId,
      carriers: new Set([lsaId]),
      isOver,
    });
  }

  /** A node that lost its disk and its clock begins again with a lower epoch: nothing of a higher one is there any more. */
  #forgetLater(origin: RouterId, { sequence: { epoch } }: Sequenced, nowMs: number): void {
    const node = this.node(origin);
    if (epoch >= node.highestEpoch) {
      node.highestEpoch = epoch;
      return;
    }
    if (node.daemonCarriers.size > 0 && (node.daemon?.sequence.epoch ?? 0) > epoch) return;
    for (const { carriers, announcement } of this.of(origin)) {
      if (carriers.size > 0 && announcement.sequence.epoch > epoch) return;
    }
    const said = [...(this.#outdone.get(origin) ?? [])];
    for (const { carriers, announcement } of this.of(origin)) {
      for (const lsaId of carriers) said.push([lsaId, announcement]);
    }
    for (const replicas of this.#replicas.values()) replicas.delete(origin);
    node.daemon = null;
    node.highestEpoch = epoch;
    // What it had said of this life while something of the later one was still there is heard now.
    for (const [lsaId, announcement] of said) {
      if (announcement.sequence.epoch === epoch) this.#service(origin, lsaId, announcement, nowMs);
    }
  }

  /** Only an LSA that carried the newest says anything. */
  #withdrawn({ origin, subject, sequence, lsaId }: Extract<Event, { type: 'withdrawal' }>): void {
    this.#outdone.get(origin)?.delete(lsaId);
    if (subject.kind === 'service') {
      const replica = this.replica(subject.service, origin);
      if (replica !== undefined && compare({ sequence }, replica.announcement) === 0) replica.carriers.delete(lsaId);
    } else if (subject.kind === 'daemon') {
      const node = this.node(origin);
      if (node.daemon === null || compare({ sequence }, node.daemon) !== 0) return;
      node.daemonCarriers.delete(lsaId);
      node.daemonGone ||= node.daemonCarriers.size === 0;
    }
  }

  #daemon(origin: RouterId, lsaId: string, announcement: DaemonAnnouncement, nowMs: number): void {
    this.#forgetLater(origin, announcement, nowMs);
    const node = this.node(origin);
    const order = node.daemon === null ? 1 : compare(announcement, node.daemon);
    if (order < 0) return;
    if (node.daemonCarriers.size === 0) node.arrivalsMs.push(nowMs);
    // It may also come back after it was withdrawn: as a replay, or from a router that was cut off.
    if (order !== 0 || node.daemonGone) {
      if (node.reachableSinceMs !== null) node.firstWord ??= { sequence: announcement.sequence, atMs: nowMs };
      node.daemonGone = false;
    }
    if (order !== 0) {
      node.daemonCarriers.clear();
      node.daemon = announcement;
      node.newsMs = nowMs;
    }
    node.daemonCarriers.add(lsaId);
  }
}

/** Whether a replica that says this may be using the service. */
export function mayUse({ runState, failure, definition }: ServiceAnnouncement): boolean {
  if (runState === 'starting' || runState === 'started' || runState === 'stopping') return true;
  return runState === 'failed' && definition.kind === 'resource' && (failure?.code.startsWith('stop-') ?? false);
}

/** Whether nodes agree on what a service is. */
export function isTheSame(a: SharedDefinition | undefined, b: SharedDefinition): boolean {
  const shared = ({ kind, group, critical, dependsOn, addresses, scope, area, preempt, handover }: SharedDefinition) =>
    JSON.stringify([kind, group, critical, dependsOn, addresses, scope, area, preempt, handover]);
  return a !== undefined && shared(a) === shared(b);
}

interface Sequenced {
  readonly sequence: Sequence;
}

function compare({ sequence: a }: Sequenced, { sequence: b }: Sequenced): number {
  return a.epoch - b.epoch || a.counter - b.counter;
}

function reach(node: HeardNode, nowMs: number): void {
  if (node.reachableSinceMs === null) {
    node.firstWord = null;
    node.arrivalsMs.push(nowMs);
  }
  node.reachableSinceMs ??= nowMs;
  node.lostMs = null;
}

function lose(node: HeardNode, nowMs: number): void {
  if (node.reachableSinceMs === null) return;
  node.beforeLossMs = node.reachableSinceMs;
  node.reachableSinceMs = null;
  node.lostMs = nowMs;
}
