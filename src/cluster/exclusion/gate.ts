import { formatRouterId, type Ipv4Address, type RouterId } from '../../model/index.js';
import { isResourceSomewhere } from '../group/index.js';
import type { NodeState } from '../state/index.js';
import { type Observed, reachableReplicas } from '../view/index.js';
import { isHandingOver } from './handing-over.js';
import { hasVanished, isWithinTakeoverDelay } from './holders.js';
import { mayHold } from './may-hold.js';
import { routeIsMissing } from './routes.js';

/** Who keeps the gate of a service closed here, and why, in words. */
export interface Closer {
  readonly node: RouterId;
  readonly why: string;
}

/** The gate: before `start` begins, no other reachable node may hold the service. Null: it is open. */
export function gateClosedBy(state: NodeState, service: string, except: RouterId | null = null): Closer | null {
  for (const closer of gateClosers(state, service)) if (closer.node !== except) return closer;
  return null;
}

/** Everybody who keeps the gate closed. */
export function* gateClosers(state: NodeState, service: string): Generator<Closer> {
  yield* addressHoldersHere(state, service);
  if (state.phase === 'alone') return;
  for (const observed of reachableReplicas(state.view, service)) {
    const why = whyClosed(state, observed);
    if (why !== null) yield { node: observed.origin, why };
  }
  for (const observed of addressHolders(state, service)) {
    const why = whyClosed(state, observed);
    const { name } = observed.announcement.definition;
    if (why !== null) yield { node: observed.origin, why: `has its address in ${name}, and ${why}` };
  }
  yield* vanishedHolders(state, service);
}

/** Whether another node serves now, and is known to: clients are to reach that one alone. */
export function servesElsewhere(state: NodeState, service: string): boolean {
  for (const { node } of gateClosers(state, service)) {
    const observed = state.view.replicas.get(service)?.get(node);
    if (observed?.confirmed && observed.announcement.runState === 'started') return true;
  }
  return false;
}

/** An unconfirmed replica keeps a node from even entering `starting`: it may turn out to be the owner. */
export function unconfirmedReplica(state: NodeState, service: string): RouterId | null {
  if (state.phase === 'alone') return null;
  for (const observed of [...reachableReplicas(state.view, service), ...addressHolders(state, service)]) {
    if (isUnconfirmed(state, observed)) return observed.origin;
  }
  return null;
}

function whyClosed(state: NodeState, observed: Observed): string | null {
  const { announcement } = observed;
  if (state.view.nodes.get(observed.origin)?.silent) return null; // a silent resource is a vanished holder, below
  if (isUnconfirmed(state, observed)) return 'has not yet confirmed what it announced before it was reachable';
  if (!mayHold(state, announcement) || isHandingOver(state, observed)) return null;
  // Without a route nobody uses a service; of a resource a route says nothing, whatever its holder takes it for.
  if (observed.routeless && !isResourceSomewhere(state, announcement.definition.name)) return null;
  if (announcement.runState === 'failed')
    return 'failed to stop it, so it may still be running there (clear it when it is not)';
  return `says ${announcement.runState}`;
}

/** A service, of nobody a resource, whose address its origin does not announce cannot be in use there, whatever the origin said last. */
function isUnconfirmed(state: NodeState, observed: Observed): boolean {
  if (observed.confirmed || state.view.nodes.get(observed.origin)?.silent) return false;
  return isResourceSomewhere(state, observed.announcement.definition.name) || !routeIsMissing(state, observed);
}

/** The replicas of other services that have an address of this one: two services never run with one address at once. */
function* addressHolders(state: NodeState, service: string): Generator<Observed> {
  for (const [other, shared] of sharedAddresses(state, service)) {
    for (const observed of reachableReplicas(state.view, other)) {
      if (observed.announcement.definition.addresses.includes(shared)) yield observed;
    }
  }
}

function* addressHoldersHere(state: NodeState, service: string): Generator<Closer> {
  const { self } = state;
  if (self === null) return;
  for (const [other, shared] of sharedAddresses(state, service)) {
    const own = state.replicas.get(other);
    if (own === undefined || own.alias === 'down' || !own.definition.addresses.includes(shared)) continue;
    yield { node: self, why: `still has ${shared} up for ${other}` };
  }
}

function* sharedAddresses(state: NodeState, service: string): Generator<readonly [string, Ipv4Address]> {
  for (const address of state.replicas.get(service)?.definition.addresses ?? []) {
    for (const other of state.view.addresses.get(address) ?? []) if (other !== service) yield [other, address];
  }
}

function* vanishedHolders(state: NodeState, service: string): Generator<Closer> {
  const definition = state.replicas.get(service)?.definition;
  for (const node of state.holders.get(service)?.keys() ?? []) {
    if (isWithinTakeoverDelay(state, service, node)) {
      if ((definition?.takeoverDelayMs ?? 0) > 0)
        yield { node, why: 'held it and became unreachable: takeoverDelay is not over' };
    } else if (isResourceSomewhere(state, service) && hasVanished(state, service, node)) {
      yield { node, why: `held it when its daemon fell silent, and may still (${howToConfirm(service, node)})` };
    }
  }
}

/** Nobody but a person can know, and has to say so by the name of the node. */
function howToConfirm(service: string, node: RouterId): string {
  return `if it does not: srrctl service confirm-stopped ${service} ${formatRouterId(node)}`;
}
