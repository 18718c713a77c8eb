import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createLab,
  ECHO_MAKEFILE,
  type Host,
  holders,
  type Lab,
  ownerAtRest,
  type Probe,
  startEverywhere,
} from './index.js';

const SERVICE = 'ECHO';
const ADDRESS = '172.16.15.1';

interface Side {
  readonly router: Host;
  readonly nodes: readonly Host[];
  readonly client: Host;
  readonly probe: Probe;
}

describe('a network of two sides, each with two nodes, a router and a client', () => {
  let lab: Lab;
  let west: Side;
  let east: Side;
  let nodes: readonly Host[];

  beforeAll(async () => {
    lab = await createLab({ name: 'part' });
    const middle = lab.subnet('middle', '10.1.3.0/24', { pointToPoint: true });
    const hosts = async (name: string, prefix: string, routerId: number) => {
      const subnet = lab.subnet(name, prefix);
      const router = await lab.router(`r-${name}`, { subnets: [subnet, middle] });
      const nodes = await Promise.all(
        [routerId, routerId + 1].map((id) =>
          lab.node(`n${id}`, { subnets: [subnet], routerId: `10.0.1.${id}`, priority: 0 }),
        ),
      );
      return { router, nodes, client: await lab.client(`c-${name}`, { subnet, via: router }) };
    };
    const westHosts = await hosts('west', '10.1.1.0/24', 1);
    const eastHosts = await hosts('east', '10.1.2.0/24', 3);
    nodes = [...westHosts.nodes, ...eastHosts.nodes];
    await lab.converged();
    for (const node of nodes) node.answerAt(ADDRESS);
    await startEverywhere(nodes, { services: { [SERVICE]: { addresses: [ADDRESS], makefile: ECHO_MAKEFILE } } });
    await ownerAtRest(nodes, SERVICE);
    west = { ...westHosts, probe: await westHosts.client.probe(ADDRESS, { hz: 100 }) };
    east = { ...eastHosts, probe: await eastHosts.client.probe(ADDRESS, { hz: 100 }) };
  });

  afterAll(() => lab?.destroy());

  it('has one owner on each side while it is partitioned, and exactly one when it is healed', async () => {
    // Twice, with the owner once on the one and once on the other side.
    for (const [here, there] of [
      [west, east],
      [east, west],
    ] as const) {
      await move(here.nodes[0]!);
      const partitionedAt = await lab.partition([
        [here.router, ...here.nodes, here.client],
        [there.router, ...there.nodes, there.client],
      ]);
      const sides = [];
      for (const side of [here, there]) {
        const owner = await ownerAtRest(side.nodes, SERVICE);
        expect(await holders(side.nodes, ADDRESS)).toEqual([owner.name]);
        await side.probe.until(({ sender, sentAt }) => sender === owner.name && sentAt > partitionedAt);
        sides.push(owner);
      }
      expect(sides[0]).toBe(here.nodes[0]);

      await lab.heal();
      await lab.converged();
      const owner = await ownerAtRest(nodes, SERVICE);
      const atRest = process.hrtime.bigint();
      expect(sides).toContain(owner);
      expect(await holders(nodes, ADDRESS)).toEqual([owner.name]);
      for (const { probe } of [here, there]) {
        const { sender } = await probe.until(({ sentAt }) => sentAt > atRest);
        expect(sender).toBe(owner.name);
      }
    }
  });

  async function move(to: Host): Promise<void> {
    if ((await ownerAtRest(nodes, SERVICE)) === to) return;
    await to.srrctl('service', 'move', SERVICE, to.name);
    expect((await ownerAtRest(nodes, SERVICE)).name).toBe(to.name);
  }
});
