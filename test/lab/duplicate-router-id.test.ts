import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster, ECHO_MAKEFILE, type Host, ownerAtRest, startEverywhere, until } from './index.js';

const SERVICE = 'WEB';
const services = { [SERVICE]: { makefile: ECHO_MAKEFILE, addresses: ['172.16.15.1'] } };
const SOON = { timeoutMs: 120_000, intervalMs: 200 };

describe.each([
  ['on the same link', 'installed'],
  ['two links away', '10'],
] as const)('a machine that was cloned, router ID and all, %s, FRR %s', (where, frr) => {
  let cluster: Cluster;
  let nodes: readonly Host[];

  beforeAll(async () => {
    cluster = await createCluster({ name: 'clone', frr });
    nodes = cluster.nodes;
    await startEverywhere(nodes, { services });
    await ownerAtRest(nodes, SERVICE);
  });

  afterAll(() => cluster?.lab.destroy());

  it('is said on every node, and is forgotten when it has got a router ID of its own', async () => {
    const { lab, a, b, c } = cluster;
    const subnet = (where === 'on the same link' ? a : c).link().subnet;
    const clone = await lab.node('clone', { subnets: [subnet], routerId: a.routerId!, priority: 0 });
    await clone.startSrrd({ services, config: { node: { name: a.name } } });

    for (const node of [a, b, c, clone]) {
      await until(() => said(node), { ...SOON, what: `${node.name}, ${where}, says that its router ID is used twice` });
      expect(await duplicatesSeenBy(node), node.name).toContain(a.routerId);
      expect((await node.srrctl('status')).stdout).toContain(`two routers use the router ID ${a.routerId}`);
    }
    for (const node of [a, clone]) {
      await until(async () => (await node.srrd.status()).node.phase === 'isolated', {
        ...SOON,
        what: `${node.name} runs nothing while it goes on`,
      });
    }
    await ownerAtRest([b, c], SERVICE);

    await clone.vtysh(['configure terminal', 'router ospf', 'ospf router-id 10.0.0.77']);
    await clone.vtysh('clear ip ospf process');
    await until(
      async () => {
        for (const node of [a, b, c, clone]) {
          const status = await node.srrd.status();
          expect([node.name, status.node.phase]).toEqual([node.name, 'member']);
          const seen = status.nodes.filter(({ reachable }) => reachable).map(({ routerId }) => routerId);
          expect([node.name, ...seen.toSorted()]).toEqual([node.name, a.routerId, b.routerId, c.routerId, '10.0.0.77']);
          const replicas = status.services.flatMap((service) => service.replicas.map(({ routerId }) => routerId));
          expect([node.name, ...replicas.toSorted()]).toEqual([
            node.name,
            a.routerId,
            b.routerId,
            c.routerId,
            '10.0.0.77',
          ]);
        }
        return true;
      },
      { timeoutMs: 240_000, intervalMs: 500, what: 'all four take part, each once' },
    );
    await until(async () => (await Promise.all([a, b, c, clone].map(duplicatesSeenBy))).flat().length === 0, {
      timeoutMs: 200_000,
      intervalMs: 500,
      what: 'nobody speaks of it any more',
    });
  });
});

function said(node: Host): boolean {
  return node.srrd.log().some(({ level, msg }) => level >= 50 && msg.startsWith('two routers use '));
}

async function duplicatesSeenBy(node: Host): Promise<readonly string[]> {
  const { duplicateRouterIds } = (await node.srrd.status()).process as unknown as { duplicateRouterIds: string[] };
  return duplicateRouterIds;
}
