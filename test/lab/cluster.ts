import { join } from 'node:path';
import { CHECKOUT } from './checkout.js';
import type { Host } from './host.js';
import { createLab, type Lab, type LabOptions } from './lab.js';
import type { SrrdOptions, SrrdReplica } from './srrd.js';
import { type UntilOptions, until } from './until.js';

/** Starts and stops at no cost: for measuring srrd and the routing alone. */
export const ECHO_MAKEFILE = join(CHECKOUT, 'test', 'lab', 'services', 'echo', 'Makefile');

/** Two subnets joined by two routers, a node `a` and `b` on one, `c` on the other, and a client on a third. */
export interface Cluster {
  readonly lab: Lab;
  readonly r1: Host;
  readonly r2: Host;
  readonly a: Host;
  readonly b: Host;
  readonly c: Host;
  readonly client: Host;
  readonly nodes: readonly Host[];
}

export interface ClusterOptions extends LabOptions {
  /** What else is to be prepared while OSPF converges. */
  readonly meanwhile?: (cluster: Cluster) => Promise<void>;
}

/** Builds the network and waits until OSPF has converged. */
export async function createCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const lab = await createLab(options);
  try {
    const near = lab.subnet('near', '10.1.1.0/24');
    const far = lab.subnet('far', '10.1.2.0/24');
    const outside = lab.subnet('outside', '10.1.3.0/24');
    // First in the subnets, so that the addresses .1 and .2 are theirs.
    const r1 = await lab.router('r1', { subnets: [near, far, outside], routerId: '10.0.0.1' });
    const r2 = await lab.router('r2', { subnets: [near, far, outside], routerId: '10.0.0.2' });
    // The routers are DR: a subnet whose DR dies is in pieces until there is another, whoever else is on it.
    const priority = 0;
    const a = await lab.node('a', { subnets: [near], routerId: '10.0.0.11', priority });
    const b = await lab.node('b', { subnets: [near], routerId: '10.0.0.12', priority });
    const c = await lab.node('c', { subnets: [far], routerId: '10.0.0.13', priority });
    const client = await lab.client('client', { subnet: outside, via: r1 });
    const cluster = { lab, r1, r2, a, b, c, client, nodes: [a, b, c] };
    await Promise.all([lab.converged(), options.meanwhile?.(cluster)]);
    return cluster;
  } catch (error) {
    await lab.destroy();
    throw error;
  }
}

/** Starts srrd on all nodes at the same time. */
export async function startEverywhere(
  nodes: readonly Host[],
  options: SrrdOptions | ((node: Host) => SrrdOptions),
): Promise<void> {
  await Promise.all(nodes.map((node) => node.startSrrd(typeof options === 'function' ? options(node) : options)));
}

/** The name of the node that this node's srrd takes for the service's owner (started there); null: none. */
export async function ownerSeenBy(observer: Host, service: string, nodes: readonly Host[]): Promise<string | null> {
  const status = await observer.srrd.status();
  const found = status.services.find((entry) => entry.name === service);
  if (found === undefined) throw new Error(`${observer.name} does not know the service ${service}`);
  return nodes.find((node) => node.routerId === found.owner)?.name ?? found.owner;
}

/** Waits until all observers name the same owner, and this one if given. Returns its name. */
export async function agreedOwner(
  observers: readonly Host[],
  service: string,
  nodes: readonly Host[],
  wanted?: Host,
  options: UntilOptions = {},
): Promise<string> {
  const what = `${observers.map((host) => host.name).join(', ')} agree that ${wanted?.name ?? 'some node'} owns ${service}`;
  return until(
    async () => {
      const seen = await Promise.all(observers.map((observer) => ownerSeenBy(observer, service, nodes)));
      const [first] = seen;
      const agreed =
        first != null && seen.every((owner) => owner === first) && (wanted === undefined || wanted.name === first);
      if (!agreed) throw new Error(`they say ${seen.join(', ')}`);
      return first;
    },
    { what, ...options },
  );
}

/**
 * Waits until nothing more is to be expected of the service: each of the nodes is a member that reaches the others, all of
 * them have a replica that may own it, and all agree who does. Returns the owner.
 */
export async function ownerAtRest(nodes: readonly Host[], service: string, options: UntilOptions = {}): Promise<Host> {
  const what = `${nodes.map((host) => host.name).join(', ')} are at rest about ${service}`;
  return until(
    async () => {
      const owners = await Promise.all(nodes.map((node) => ownerIfAtRest(node, nodes, service)));
      const [owner] = owners;
      if (owners.some((other) => other !== owner)) throw new Error(`they say ${owners.map((each) => each?.name)}`);
      return owner;
    },
    { what, timeoutMs: 120_000, ...options },
  );
}

async function ownerIfAtRest(observer: Host, nodes: readonly Host[], service: string): Promise<Host> {
  const status = await observer.srrd.status();
  if (status.node.phase !== 'member') throw new Error(`${observer.name} is ${status.node.phase}`);
  const found = status.services.find((entry) => entry.name === service);
  for (const node of nodes) {
    const reached = status.nodes.find((entry) => entry.routerId === node.routerId)?.reachable;
    if (!reached) throw new Error(`${observer.name} does not reach ${node.name}`);
    const replica = found?.replicas.find((entry) => entry.routerId === node.routerId);
    const idle = replica?.config === 'active' && (replica.state === 'started' || replica.state === 'stopped');
    if (!idle || replica.joining) {
      const { config = 'unknown', state = '', joining = false } = replica ?? {};
      throw new Error(`${observer.name} says ${node.name} is ${config}/${state}${joining ? ', joining' : ''}`);
    }
  }
  const owner = nodes.find((node) => node.routerId === found?.owner);
  if (owner === undefined) throw new Error(`${observer.name} says the owner is ${found?.owner}`);
  return owner;
}

/** What this node says of the service's replica on that node. */
export async function replicaSeenBy(observer: Host, service: string, node: Host): Promise<SrrdReplica | undefined> {
  const status = await observer.srrd.status();
  const found = status.services.find((entry) => entry.name === service);
  return found?.replicas.find((replica) => replica.routerId === node.routerId);
}

/** The nodes whose kernel has the address. */
export async function holders(nodes: readonly Host[], address: string): Promise<string[]> {
  const held = await Promise.all(nodes.map((node) => node.holds(address)));
  return nodes.filter((_, index) => held[index]).map((node) => node.name);
}
