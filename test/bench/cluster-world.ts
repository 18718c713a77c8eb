import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Cluster,
  createCluster,
  type Host,
  type LabOptions,
  type SrrdStatus,
  startEverywhere,
  until,
  watchingTheLoop,
} from '../lab/index.js';
import { KernelMonitor } from './kernel-monitor.js';

export type Definition = Readonly<Record<string, unknown>>;
export type Definitions = Readonly<Record<string, Definition>>;

/** Three nodes on two subnets, a client on a third, and somebody who looks at what the kernels do. */
export interface ClusterWorld extends Cluster {
  readonly addresses: ReadonlyMap<Host, KernelMonitor>;
  /** Of the client's router. */
  readonly routes: KernelMonitor;
  /** The file in which a node's srrd writes how late its event loop was. To be told at every start of srrd. */
  readonly loopDelayFile: (node: Host) => string;
  definitions: Definitions;
}

/** Where the process of every node that answers at all addresses listens. */
export const EVERYWHERE_PORT = 7008;

export async function buildClusterWorld(options: LabOptions = {}): Promise<ClusterWorld> {
  const cluster = await createCluster({ name: 'bench', ...options });
  try {
    const { nodes, r1 } = cluster;
    const loopDelayFile = (node: Host) => join(node.directory, 'loop-delay.txt');
    for (const node of nodes) node.answerAt('0.0.0.0', EVERYWHERE_PORT);
    await startEverywhere(nodes, (node) => ({ services: {}, environment: watchingTheLoop(loopDelayFile(node)) }));
    return {
      ...cluster,
      addresses: new Map(nodes.map((node) => [node, new KernelMonitor(node, 'address')])),
      routes: new KernelMonitor(r1, 'route'),
      loopDelayFile,
      definitions: {},
    };
  } catch (error) {
    await cluster.lab.destroy();
    throw error;
  }
}

/** Replaces all definitions on all nodes, and waits until every service has its owner. */
export async function configure(world: ClusterWorld, definitions: Definitions): Promise<void> {
  if (JSON.stringify(world.definitions) === JSON.stringify(definitions)) return;
  for (const { srrd } of world.nodes) {
    const folder = join(srrd.stateDirectory, 'services');
    for (const file of readdirSync(folder)) if (file.endsWith('.yaml')) rmSync(join(folder, file));
    for (const [name, definition] of Object.entries(definitions)) srrd.define(name, definition);
    srrd.signal('SIGHUP');
  }
  world.definitions = definitions;
  await atRest(world);
}

/**
 * Waits until nothing more is to be expected: all nodes are members that reach each other, all replicas are started or
 * stopped, none is joining, there are no others, and all nodes agree who owns each. Returns the owner of each.
 */
export async function atRest({ nodes, definitions }: ClusterWorld): Promise<Map<string, Host>> {
  const names = Object.keys(definitions);
  return until(
    async () => {
      const [first, ...others] = await Promise.all(nodes.map((node) => ownersSeenBy(node, nodes, names)));
      for (const other of others) {
        for (const [name, owner] of other) {
          if (first?.get(name) !== owner) throw new Error(`nodes disagree about ${name}`);
        }
      }
      return first;
    },
    { what: 'all nodes are at rest', timeoutMs: 40_000, intervalMs: 100 },
  );
}

async function ownersSeenBy(node: Host, nodes: readonly Host[], names: readonly string[]): Promise<Map<string, Host>> {
  const status = await node.srrd.status();
  if (status.node.phase !== 'member') throw new Error(`${node.name} is ${status.node.phase}`);
  for (const other of nodes) {
    if (!status.nodes.some((entry) => entry.routerId === other.routerId && entry.reachable))
      throw new Error(`${node.name} does not reach ${other.name}`);
  }
  if (status.services.length !== names.length)
    throw new Error(`${node.name} knows ${status.services.length} services, expected ${names.length}`);
  return new Map(names.map((name) => [name, ownerAtRestSeenBy(node, status, nodes, name)]));
}

function ownerAtRestSeenBy(node: Host, { services }: SrrdStatus, nodes: readonly Host[], name: string): Host {
  const found = services.find((service) => service.name === name);
  for (const other of nodes) {
    const replica = found?.replicas.find((entry) => entry.routerId === other.routerId);
    const idle = replica?.config === 'active' && (replica.state === 'started' || replica.state === 'stopped');
    if (idle && !replica.joining) continue;
    const { config = 'unknown', state = '', joining = false, failure } = replica ?? {};
    const why = failure == null ? '' : `: ${failure.code}: ${failure.reason}`;
    throw new Error(
      `${node.name} says ${name} on ${other.name} is ${config}/${state}${joining ? ', joining' : ''}${why}`,
    );
  }
  const owner = nodes.find((other) => other.routerId === found?.owner);
  if (owner === undefined) throw new Error(`${node.name} says ${name} has no owner`);
  return owner;
}
