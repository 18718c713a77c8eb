import {
  differingKeys,
  type Failure,
  formatRouterId,
  type RouterId,
  routerId,
  type ServiceKind,
  type SharedDefinition,
} from '../../model/index.js';
import { shownFailure } from '../announcing/index.js';
import { type Bar, dependencyCycle, referenceDefinitions } from '../election/index.js';
import { waitedHolders } from '../exclusion/index.js';
import {
  addressTakenBy,
  barOf,
  groupFacts,
  groupState,
  isJoining,
  isResourceSomewhere,
  ownFacts,
  referenceOf,
} from '../group/index.js';
import type { NodeState, Phase, Replica } from '../state/index.js';
import type { Observed } from '../view/index.js';
import { type Impossible, impossibleHere, impossibleThere, whyNoCommands } from './impossible.js';
import { waitsFor } from './waits-for.js';

export interface ReplicaStatus {
  readonly routerId: string;
  /** The config state; of another node's replica only what is flooded: `active`. */
  readonly config: string;
  readonly state: string;
  readonly preference: number;
  readonly claim: number;
  readonly pinned: boolean;
  readonly standby: boolean;
  readonly joining: boolean;
  readonly failure: Failure | null;
  /** Dotted quad; null while nothing is flooded. Of our own replicas the transport knows it, not the core. */
  readonly lsaId: string | null;
  /** Unix seconds; 0: never. */
  readonly checkStamp: number;
  readonly reachable: boolean;
  /** What it waits for, in words; null: for nothing. */
  readonly waitsFor: string | null;
  /** Why it is no candidate although it is active and says nothing against it, in words; null: it counts. */
  readonly notCounted: string | null;
  readonly impossible: Impossible;
}

export interface ServiceStatus {
  readonly name: string;
  readonly kind: ServiceKind;
  readonly group: string;
  readonly addresses: readonly string[];
  /** Router ID of the replica that is started; null: none. */
  readonly owner: string | null;
  /** Whom the election names. */
  readonly elected: string | null;
  /**
   * Nodes that held the resource when their daemons fell silent, or that cannot be reached and have not had their takeoverDelay:
   * nobody starts it before an operator has made sure of them (`confirm-stopped`). As this node knows.
   */
  readonly waitsForHolders: readonly string[];
  readonly replicas: readonly ReplicaStatus[];
}

export interface NodeStatus {
  readonly routerId: string;
  readonly name: string;
  readonly reachable: boolean;
  /** `address:port` of its web server; null: none. */
  readonly web: string | null;
  readonly standby: boolean;
  /** Why it can be given no command, in words; absent: it can. */
  readonly whyNoCommands?: string | undefined;
  /** How much of what it announces was dropped, because it is more than is kept of one node; absent: nothing. */
  readonly dropped?: number | undefined;
}

export interface ClusterStatus {
  readonly node: {
    readonly routerId: string | null;
    readonly name: string;
    readonly phase: Phase;
    readonly standby: boolean;
  };
  readonly ospf: { readonly connected: boolean; readonly ready: boolean; readonly fullNeighbours: number };
  readonly nodes: readonly NodeStatus[];
  /** That nodes of several versions are together, in words; absent: they are not. */
  readonly mixedVersions?: string | undefined;
  readonly services: readonly ServiceStatus[];
}

/** The cluster as this node sees it. Sorted, so that two looks at the same state are equal. */
export function describeStatus(state: NodeState): ClusterStatus {
  const services = serviceNames(state).map((name) => describeService(state, name));
  return { ...describeHead(state), services: services.filter((service) => service !== null) };
}

/** All services that this node has or has heard of, sorted. */
export function serviceNames(state: NodeState): string[] {
  return [...new Set([...state.replicas.keys(), ...state.view.replicas.keys()])].sort();
}

/** The status without the services. */
export function describeHead(state: NodeState): Omit<ClusterStatus, 'services'> {
  return {
    node: {
      routerId: state.self === null ? null : formatRouterId(state.self),
      name: state.settings.nodeName,
      phase: state.phase,
      standby: state.standby,
    },
    ospf: {
      connected: state.connected,
      ready: state.connected && state.synced && state.fullNeighbours > 0,
      fullNeighbours: state.fullNeighbours,
    },
    nodes: describeNodes(state),
    ...(state.mixedVersions === null ? {} : { mixedVersions: state.mixedVersions }),
  };
}

function describeNodes(state: NodeState): NodeStatus[] {
  const { settings } = state;
  const own: (NodeStatus & { id: number })[] =
    state.self === null
      ? []
      : [
          {
            id: state.self,
            routerId: formatRouterId(state.self),
            name: settings.nodeName,
            reachable: true,
            web: webOf(settings.managementAddresses, settings.managementPort),
            standby: state.standby,
            whyNoCommands: whyNoCommands(state, state.self),
          },
        ];
  const others = [...state.view.nodes.values()]
    .filter(({ daemon }) => daemon !== null)
    .map(({ id, reachable, daemon, daemonPresence, dropped }) => ({
      id,
      routerId: formatRouterId(id),
      name: daemon?.hostName ?? formatRouterId(id),
      reachable: reachable && daemonPresence === 'held',
      web: webOf(daemon?.managementAddresses ?? [], daemon?.managementPort ?? 0),
      standby: daemon?.standby ?? false,
      whyNoCommands: whyNoCommands(state, id),
      ...(dropped > 0 ? { dropped } : {}),
    }));
  return [...own, ...others].sort((a, b) => a.id - b.id).map(({ id: _, ...node }) => node);
}

function webOf(addresses: readonly string[], port: number): string | null {
  const [address] = addresses;
  return address === undefined ? null : `${address}:${port}`;
}

/** null: nothing is known of it any more. */
export function describeService(state: NodeState, name: string): ServiceStatus | null {
  const own = state.replicas.get(name);
  const others = [...(state.view.replicas.get(name)?.values() ?? [])].filter(({ presence }) => presence === 'held');
  const definition = own?.definition ?? others[0]?.announcement.definition;
  if (definition === undefined) return null;
  const reference = referenceOf(state, name) ?? definition;
  const waited = isResourceSomewhere(state, name) ? waitedHolders(state, name) : [];
  const replicas = others.map((observed) => ({
    id: observed.origin,
    status: describeOther(state, observed, reference, waited),
  }));
  if (own !== undefined) {
    // Until ospfd has told our router ID, a place holder keeps the column.
    const self = state.self ?? routerId(0);
    replicas.push({ id: self, status: describeOwn(state, own, self, reference) });
  }
  const sorted = replicas.sort((a, b) => a.id - b.id).map(({ status }) => status);
  const elected = groupState(state, definition.group).owner;
  return {
    name,
    kind: definition.kind,
    group: definition.group,
    addresses: definition.addresses,
    owner: startedOn(sorted),
    elected: elected === null ? null : formatRouterId(elected),
    waitsForHolders: waited.map(formatRouterId),
    replicas: sorted,
  };
}

/** Of two started replicas (before a partition has quite healed) the one with the higher claim is the owner. */
function startedOn(replicas: readonly ReplicaStatus[]): string | null {
  const started = replicas.filter(({ state, reachable }) => state === 'started' && reachable);
  return started.sort((a, b) => b.claim - a.claim)[0]?.routerId ?? null;
}

function describeOwn(state: NodeState, replica: Replica, self: RouterId, reference: SharedDefinition): ReplicaStatus {
  const group = groupState(state, replica.definition.group);
  const notCounted = ownNotCounted(state, replica, reference);
  return {
    routerId: formatRouterId(self),
    config: replica.config,
    state: replica.run,
    preference: replica.definition.preference,
    claim: group.claim,
    pinned: group.pinned,
    standby: replica.standby,
    joining: isJoining(state, replica),
    failure: shownFailure(state, replica),
    lsaId: null,
    checkStamp: replica.health.stamp,
    reachable: true,
    waitsFor: waitsFor(state, replica),
    notCounted,
    impossible: impossibleHere(state, replica, self, notCounted),
  };
}

function describeOther(
  state: NodeState,
  observed: Observed,
  reference: SharedDefinition,
  waited: readonly RouterId[],
): ReplicaStatus {
  const { announcement, origin, lsaId } = observed;
  const notCounted = otherNotCounted(state, observed, reference);
  return {
    routerId: formatRouterId(origin),
    config: 'active',
    state: announcement.runState,
    preference: announcement.preference,
    claim: announcement.claim,
    pinned: announcement.pinned,
    standby: announcement.standby,
    joining: announcement.joining,
    failure: announcement.failure,
    lsaId,
    checkStamp: announcement.checkStamp,
    reachable: state.view.nodes.get(origin)?.reachable ?? false,
    waitsFor: null,
    notCounted,
    impossible: impossibleThere(state, observed, notCounted, waited.includes(origin)),
  };
}

function ownNotCounted(state: NodeState, replica: Replica, reference: SharedDefinition): string | null {
  if (replica.config !== 'active') return null;
  const { bar } = ownFacts(state, replica);
  if (bar !== null) return barWords(state, bar, replica.definition);
  return conflictWith(replica.definition, reference) ?? circle(state, reference);
}

function otherNotCounted(state: NodeState, observed: Observed, reference: SharedDefinition): string | null {
  const { definition } = observed.announcement;
  const node = state.view.nodes.get(observed.origin);
  if (node?.reachable !== true) {
    const foreign = state.routes.known && !state.routes.addresses.has(observed.origin);
    return foreign ? 'it is in another OSPF area: a cluster lives in one' : 'its node is unreachable';
  }
  const bar = barOf(state, observed);
  if (bar !== null) return barWords(state, bar, definition);
  return conflictWith(definition, reference) ?? circle(state, reference);
}

function circle(state: NodeState, { name, group }: SharedDefinition): string | null {
  const cycle = dependencyCycle(referenceDefinitions(groupFacts(state, group), group), name);
  return cycle === null ? null : `its dependencies go in a circle: ${cycle.join(', ')}`;
}

/** Why a replica does not count, for people. */
export function barWords(state: NodeState, bar: Bar, { name, addresses }: SharedDefinition): string {
  switch (bar) {
    case 'unconfirmed':
      return 'what it said before its node was reachable is not confirmed yet';
    case 'silent':
      return 'its daemon does not answer';
    case 'no-route':
      return `it says started, but ${addresses.join(', ')} is not announced there`;
    case 'idle':
      return 'it was elected, but did not begin to start it';
    case 'address-conflict':
      return `its address belongs to the service ${addressTakenBy(state, name, addresses)}`;
    case 'duplicate-router-id':
      return 'another daemon uses the same router ID';
  }
}

/** Names what differs, for somebody has to put it right; null: nothing does. */
export function conflictWith(definition: SharedDefinition, reference: SharedDefinition): string | null {
  const differing = differingKeys(definition, reference);
  return differing.length === 0 ? null : `its definition differs from the others' in ${differing.join(', ')}`;
}
