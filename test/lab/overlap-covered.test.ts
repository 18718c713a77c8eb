import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from './checkout.js';
import {
  type Cluster,
  createCluster,
  type FrrChoice,
  type Host,
  holders,
  ownerAtRest,
  type Probe,
  startEverywhere,
  until,
} from './index.js';

const ADDRESS = '172.16.15.1';
const PORT = 7007;
/** It listens only from `start` to `stop`: what comes earlier or later is lost. */
const MAKEFILE = join(CHECKOUT, 'test', 'lab', 'services', 'responder', 'Makefile');

describe.each<[FrrChoice, number]>([
  ['installed', 20],
  ['10', 10],
])('handover: overlap where FRR %s announces what is on lo by itself', (frr, moves) => {
  let cluster: Cluster;
  let nodes: readonly Host[];

  beforeAll(async () => {
    cluster = await createCluster({ name: `cover${frr === '10' ? 10 : 8}`, frr });
    nodes = cluster.nodes;
    const definition = {
      handover: 'overlap',
      addresses: [ADDRESS],
      makefile: MAKEFILE,
      variables: { PORT: `${PORT}` },
    };
    await startEverywhere(nodes, { services: { ECHO: { ...definition, check: { interval: '2s' } } } });
  });

  afterAll(() => cluster?.lab.destroy());

  it.each([
    ['network 172.16.0.0/12 area 0', 'router ospf'],
    ['redistribute connected', 'router ospf'],
  ])(`loses nothing in ${moves} planned moves under \`%s\``, async (line, block) => {
    await everywhere([block, line]);
    await ownerAtRest(nodes, 'ECHO');
    const probe = await cluster.client.probe(ADDRESS, { port: PORT });
    await moveAround(probe);
    const replies = await probe.stop();
    const lost = replies.filter(({ receivedAt }) => receivedAt === null);
    console.log(`${moves} moves under ${line}: ${lost.length} of ${replies.length} datagrams lost`);
    expect(lost).toEqual([]);
    for (const node of nodes) await until(async () => (await leftIn(node)).length === 0, { what: 'no cost is left' });
    await everywhere([block, `no ${line}`]);
  });

  async function everywhere(commands: readonly string[]): Promise<void> {
    await Promise.all(nodes.map((node) => node.vtysh(['configure terminal', ...commands])));
  }

  /** Costs for the address in ospfd; a withdrawn one belongs to a node that does not have the address. */
  async function leftIn(node: Host): Promise<string[]> {
    const config = await node.vtysh(['enable', 'show running-config']);
    return config.split('\n').filter((line) => line.includes(`cost 65535 ${ADDRESS}`));
  }

  async function moveAround(probe: Probe): Promise<void> {
    for (let move = 0; move < moves; move++) {
      const owner = await ownerAtRest(nodes, 'ECHO');
      const target = nodes[(nodes.indexOf(owner) + 1 + (move % 2)) % nodes.length]!;
      const since = process.hrtime.bigint();
      await target.srrctl('service', 'move', 'ECHO', target.name);
      await probe.until(({ sender, sentAt }) => sender === target.name && sentAt > since, { since });
      await until(async () => `${await holders(nodes, ADDRESS)}` === target.name, {
        what: `only ${target.name} has ${ADDRESS}`,
      });
    }
  }
});
