import { mayStillRun } from '../../../src/tables/index.js';
import type { NodeStatus, ReplicaStatus, ServiceStatus } from '../api/types.js';
import type { ClusterPicture } from '../store/cluster.js';
import { couldOwn } from './condition.js';
import type { GroupPicture } from './groups.js';

/** Something an administrator should know now. */
export interface Problem {
  /** `bad`: a service or node is down, or may be. `warn`: it works, and the next failure may not be survived. */
  readonly severity: 'bad' | 'warn' | 'note';
  readonly text: string;
  /** Where it can be looked at, and put right. */
  readonly href: string;
  /** What to do, where that is known. */
  readonly advice: string | null;
}

/** What is wrong right now, the worst first, in words. Pure: the same picture gives the same sentences. */
export function findProblems(picture: ClusterPicture, groups: readonly GroupPicture[]): Problem[] {
  const nameOf = namesIn(picture.nodes);
  const all = [
    ...ofThisNode(picture),
    ...ofItsFiles(picture),
    ...picture.duplicateRouterIds.map(ofDuplicateRouterId),
    ...ofVersions(picture),
    ...picture.nodes.flatMap(ofNode),
    ...groups.flatMap((group) => ofGroup(group, nameOf)),
    ...[...picture.services.values()].flatMap((service) => ofService(service, picture, nameOf)),
  ];
  const order = { bad: 0, warn: 1, note: 2 };
  return all.sort((a, b) => order[a.severity] - order[b.severity]);
}

function namesIn(nodes: readonly NodeStatus[]): (routerId: string) => string {
  const names = new Map(nodes.map(({ routerId, name }) => [routerId, name]));
  return (routerId) => names.get(routerId) ?? routerId;
}

function ofThisNode({ node, ospf }: ClusterPicture): Problem[] {
  const at = { href: '/node' } as const;
  if (!ospf.connected) {
    const text = `${node.name}, this node, has no connection to ospfd: it sees nothing of the cluster and runs nothing`;
    return [{ severity: 'bad', text, ...at, advice: 'Is FRR running there, and ospfd with the option -a?' }];
  }
  switch (node.phase) {
    case 'isolated':
      return [
        {
          severity: 'bad',
          text: `${node.name}, this node, is isolated: it has no full OSPF neighbour, and runs nothing meanwhile`,
          ...at,
          advice: 'Look at the network between it and the others: show ip ospf neighbor.',
        },
      ];
    case 'alone':
      return [
        {
          severity: 'bad',
          text: `${node.name}, this node, is alone: it lost its neighbours and carries on as if the others were gone`,
          ...at,
          advice: 'If the others still run, services may be running twice: restore the network.',
        },
      ];
    case 'joining':
      return [{ severity: 'note', text: `${node.name}, this node, is joining the cluster`, ...at, advice: null }];
    case 'member':
      return [];
  }
}

/** Definitions that cannot be read, a state directory that cannot be written. */
function ofItsFiles({ node, problems }: ClusterPicture): Problem[] {
  return problems.map((text) => ({
    severity: 'bad',
    text: `${node.name}, this node: ${text}`,
    href: '/node',
    advice: null,
  }));
}

function ofDuplicateRouterId(id: string): Problem {
  const text = `Two routers use the router ID ${id}: OSPF, and with it the cluster, cannot tell them apart`;
  const advice = 'Is one a clone of the other? Give it a router ID of its own: ospf router-id, under router ospf.';
  return { severity: 'bad', text, href: '/node', advice };
}

function ofVersions({ mixedVersions }: ClusterPicture): Problem[] {
  if (mixedVersions === undefined) return [];
  const text = `${mixedVersions.charAt(0).toUpperCase()}${mixedVersions.slice(1)}`;
  return [{ severity: 'note', text, href: '/node', advice: 'Upgrade the others, one after the other.' }];
}

function ofNode({ name, routerId, reachable, standby }: NodeStatus): Problem[] {
  const found: Problem[] = [];
  if (!reachable) {
    const text = `The node ${name} (${routerId}) is unreachable`;
    const advice = 'Its services have moved. Look at the machine, its srrd, and its network.';
    found.push({ severity: 'bad', text, href: '/status', advice });
  }
  if (standby) {
    const text = `The node ${name} is on standby: it owns nothing`;
    found.push({ severity: 'note', text, href: '/node', advice: `End it with unstandby when ${name} may work again.` });
  }
  return found;
}

function ofGroup(
  { name, services: members, state, elected }: GroupPicture,
  nameOf: (routerId: string) => string,
): Problem[] {
  const what = members.length === 1 ? members[0]?.name : `the group ${name} (${members.map((m) => m.name).join(', ')})`;
  const href = `/status?text=${encodeURIComponent(members.length === 1 ? (members[0]?.name ?? name) : name)}`;
  if (state.kind === 'off') {
    const text = `${what} is active on no node`;
    return [{ severity: 'note', text: capital(text), href, advice: 'Activate it where it may run.' }];
  }
  if (state.kind === 'nowhere') {
    const advice = 'Every node that has it is unreachable, failed, on standby or joining: see why there.';
    return [{ severity: 'bad', text: capital(`${what} runs nowhere: no node may own it`), href, advice }];
  }
  if (state.kind === 'partly' && elected !== null) {
    const missing = members.filter(({ owner }) => owner === null).map((member) => member.name);
    const text = `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not started on ${nameOf(elected)}, which should run ${missing.length === 1 ? 'it' : 'them'}`;
    return [{ severity: 'bad', text: capital(text), href, advice: null }];
  }
  if (state.kind === 'starting' || state.kind === 'leaving') return [];
  return withoutReserve(members, what ?? name, href);
}

/** It runs, and nowhere else could it. */
function withoutReserve(members: readonly ServiceStatus[], what: string, href: string): Problem[] {
  const lonely = members.find(
    ({ replicas }) => replicas.filter((replica) => couldOwn(replica, undefined)).length === 1,
  );
  if (lonely === undefined) return [];
  const text = `${what} has no other node to go to if its owner fails`;
  return [{ severity: 'warn', text: capital(text), href, advice: null }];
}

function ofService(service: ServiceStatus, picture: ClusterPicture, nameOf: (id: string) => string): Problem[] {
  const href = `/services/${encodeURIComponent(service.name)}`;
  const started = service.replicas.filter(({ state, reachable }) => state === 'started' && reachable);
  const found = service.replicas.flatMap((replica) => ofReplica(service, replica, nameOf(replica.routerId), href));
  if (started.length > 1 && service.kind === 'resource') {
    const where = started.map(({ routerId }) => nameOf(routerId)).join(' and ');
    const text = `The resource ${service.name} is started on ${where} at once`;
    found.push({ severity: 'bad', text, href, advice: 'Stop it on all but one of them now.' });
  }
  for (const holder of service.waitsForHolders.map(nameOf)) {
    const text = `${service.name} may still be in use on ${holder}, which cannot say so: nobody starts it`;
    const advice = `Start srrd there again; or make sure that it does not run on ${holder}, and confirm that.`;
    found.push({ severity: 'bad', text, href, advice });
  }
  return picture.nodes.length === 0 ? [] : found;
}

function ofReplica({ name }: ServiceStatus, replica: ReplicaStatus, node: string, href: string): Problem[] {
  const found: Problem[] = [];
  const { failure, notCounted, waitsFor, state } = replica;
  if (failure !== null) {
    const mayRun = mayStillRun(failure.code);
    const text = `${name} failed on ${node}: ${failure.code}${failure.reason === '' ? '' : ` – ${failure.reason}`}`;
    const advice = mayRun
      ? `It may still be running there. Stop it by hand on ${node}, then clear it.`
      : 'Repair the cause, then clear it.';
    found.push({ severity: 'bad', text, href, advice });
  }
  if (notCounted !== null && replica.reachable) {
    found.push({ severity: 'warn', text: `${name} on ${node} does not count: ${notCounted}`, href, advice: null });
  }
  if (waitsFor !== null && (state === 'starting' || state === 'stopped')) {
    found.push({ severity: 'note', text: `${name} on ${node} waits for ${waitsFor}`, href, advice: null });
  }
  return found;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
