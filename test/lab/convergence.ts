import type { Host } from './host.js';
import type { Link } from './topology.js';
import { until } from './until.js';

export interface ConvergedOptions {
  /** Default 120,000. */
  readonly timeoutMs?: number;
  /** Look at these hosts only; default all with a running ospfd. */
  readonly hosts?: readonly Host[];
}

/** Waits until every host's neighbours, BFD sessions and routes are what the wires allow. Returns the time it took, in ms. */
export async function waitUntilConverged(
  all: readonly Host[],
  bfd: boolean,
  options: ConvergedOptions,
): Promise<number> {
  const begin = performance.now();
  await until(
    async () => {
      const speakers = all.filter((host) => host.hasFrr && host.frr.running('ospfd') && host.frr.running('zebra'));
      const looked = speakers.filter((host) => options.hosts === undefined || options.hosts.includes(host));
      const faults = (await Promise.all(looked.map((host) => faultsOf(host, speakers, bfd)))).flat();
      if (faults.length > 0) throw new Error(faults.join('; '));
      return true;
    },
    { timeoutMs: options.timeoutMs ?? 120_000, intervalMs: 100, what: 'OSPF has converged' },
  );
  return performance.now() - begin;
}

/** Routes come last, and to look at them means running a program: not before the neighbours are there. */
async function faultsOf(host: Host, speakers: readonly Host[], bfd: boolean): Promise<string[]> {
  const adjacency = [neighbourFaults(host, speakers), ...(bfd ? [bfdFaults(host, speakers)] : [])];
  const faults = (await Promise.all(adjacency)).flat();
  if (faults.length === 0) faults.push(...(await routeFaults(host, speakers)));
  return faults.map((fault) => `${host.name}: ${fault}`);
}

/** RFC 2328 section 10.4: on a broadcast subnet two routers that are neither DR nor BDR stop at 2-Way. */
async function neighbourFaults(host: Host, speakers: readonly Host[]): Promise<string[]> {
  const found = await neighbours(host);
  const expected = expectedNeighbours(host, speakers);
  const faults: string[] = [];
  for (const { link, address, fullOnly } of expected) {
    const state = found.get(`${link.interface} ${address}`) ?? 'unknown';
    const good = state.startsWith('Full') || (!fullOnly && state.startsWith('2-Way'));
    if (!good) faults.push(`neighbour ${address} on ${link.interface} is ${state}`);
  }
  if (found.size > expected.length) faults.push(`has ${found.size} neighbours, expected ${expected.length}`);
  const full = [...found.values()].filter((state) => state.startsWith('Full')).length;
  if (expected.length > 0 && full === 0) faults.push('has no neighbour in state Full');
  return faults;
}

/** By interface and address: the state, such as `Full/DR`. */
async function neighbours(host: Host): Promise<Map<string, string>> {
  const answer: { neighbors?: Record<string, NeighbourJson[]> } = JSON.parse(
    await host.vtysh('show ip ospf neighbor json'),
  );
  const found = new Map<string, string>();
  for (const entry of Object.values(answer.neighbors ?? {}).flat()) {
    const interfaceName = (entry.ifaceName ?? '').split(':')[0];
    // FRR 8.4 says `state`, later ones `nbrState`.
    const address = entry.ifaceAddress ?? entry.address ?? '';
    found.set(`${interfaceName} ${address}`, entry.nbrState ?? entry.state ?? 'unknown');
  }
  return found;
}

interface NeighbourJson {
  readonly state?: string;
  readonly nbrState?: string;
  readonly ifaceName?: string;
  readonly ifaceAddress?: string;
  readonly address?: string;
}

async function bfdFaults(host: Host, speakers: readonly Host[]): Promise<string[]> {
  if (!host.frr.running('bfdd')) return [];
  const peers: { peer: string; status: string }[] = JSON.parse(await host.vtysh('show bfd peers json', 'bfdd'));
  const up = new Set(peers.filter((peer) => peer.status === 'up').map((peer) => peer.peer));
  return expectedNeighbours(host, speakers)
    .filter(({ host: other }) => other.frr.running('bfdd'))
    .filter(({ address }) => !up.has(address))
    .map(({ address }) => `BFD session to ${address} is not up`);
}

/** The kernel's routes are what packets follow, so they are what is looked at, not ospfd's table. */
async function routeFaults(host: Host, speakers: readonly Host[]): Promise<string[]> {
  const routes = await host.routes();
  const reachable = reachableFrom(host, speakers);
  const faults: string[] = [];
  for (const other of speakers) {
    if (other === host || other.routerId === null) continue;
    if (reachable.has(other) && !routes.has(other.routerId))
      faults.push(`has no route to ${other.routerId} (${other.name})`);
    if (!reachable.has(other) && routes.has(other.routerId))
      faults.push(`still has a route to ${other.routerId} (${other.name})`);
  }
  for (const link of [...reachable].flatMap((other) => other.links.filter((each) => each.state !== 'unplugged'))) {
    if (!routes.has(link.subnet.prefix)) faults.push(`has no route to ${link.subnet.prefix}`);
  }
  return faults;
}

interface ExpectedNeighbour {
  readonly host: Host;
  /** The link on this side. */
  readonly link: Link;
  /** The neighbour's address. */
  readonly address: string;
  readonly fullOnly: boolean;
}

function expectedNeighbours(host: Host, speakers: readonly Host[]): ExpectedNeighbour[] {
  return host.links.flatMap((link) => {
    const others = speakers.flatMap((other) =>
      other === host
        ? []
        : other.links.filter((theirs) => connected(link, theirs)).map((theirs) => ({ other, theirs })),
    );
    return others.map(({ other, theirs }) => ({
      host: other,
      link,
      address: theirs.address,
      fullOnly: link.subnet.pointToPoint || others.length === 1,
    }));
  });
}

function reachableFrom(start: Host, speakers: readonly Host[]): Set<Host> {
  const reached = new Set<Host>([start]);
  for (const host of reached) {
    for (const neighbour of expectedNeighbours(host, speakers)) reached.add(neighbour.host);
  }
  return reached;
}

function connected(one: Link, other: Link): boolean {
  return one.subnet === other.subnet && one.part === other.part && one.state === null && other.state === null;
}
