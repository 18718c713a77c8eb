import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from './checkout.js';
import {
  type Cluster,
  createCluster,
  ECHO_MAKEFILE,
  type Host,
  ownerAtRest,
  type SrrdStatus,
  startEverywhere,
  until,
} from './index.js';
import { GiveUp } from './until.js';

const SERVICE = 'ECHO';
const ADDRESS = '172.16.15.1';
const COUNT = 1_000;
const SEED = 'srrd';

describe('opaque LSAs of our type from a router without srrd', () => {
  let cluster: Cluster;
  let nodes: readonly Host[];
  let stranger: Host;

  beforeAll(async () => {
    cluster = await createCluster({ name: 'foreign' });
    nodes = cluster.nodes;
    const near = cluster.a.link().subnet;
    stranger = await cluster.lab.node('stranger', { subnets: [near], routerId: '10.0.0.99', priority: 0 });
    await cluster.lab.converged();
    for (const node of nodes) node.answerAt(ADDRESS);
    await startEverywhere(nodes, { services: { [SERVICE]: { addresses: [ADDRESS], makefile: ECHO_MAKEFILE } } });
  });

  afterAll(() => cluster?.lab.destroy());

  it('change nothing, and cost one line in the log of each node', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const probe = await cluster.client.probe(ADDRESS);
    await probe.until(({ sender }) => sender === owner.name);
    const before = await statuses();

    const script = join(CHECKOUT, 'test', 'lab', 'foreign', 'stranger.mjs');
    const flooder = stranger.spawn('stranger', [process.execPath, script, String(COUNT), SEED]);
    await until(
      () => {
        if (!flooder.running) throw new GiveUp(`the stranger has ended: ${flooder.output()}`);
        return flooder.output().includes('flooded');
      },
      { what: 'the stranger has originated its LSAs', timeoutMs: 120_000 },
    );
    for (const node of nodes) {
      await until(async () => (await countOfStranger(node)) === COUNT, {
        what: `ospfd of ${node.name} has all LSAs of the stranger`,
        timeoutMs: 120_000,
        intervalMs: 200,
      });
    }
    // A move needs announcements that come after them in the same streams: when it is done, they have been read.
    const target = nodes.find((node) => node !== owner)!;
    await owner.srrctl('service', 'move', SERVICE, target.name);
    await owner.srrctl('service', 'move', SERVICE, owner.name);
    expect(await ownerAtRest(nodes, SERVICE)).toBe(owner);

    expect(await statuses()).toEqual(before);
    for (const node of nodes) expect(linesAboutStranger(node), node.name).toHaveLength(1);
    await flooder.stop();
    await until(async () => (await countOfStranger(nodes[0]!)) === 0, { timeoutMs: 120_000, intervalMs: 200 });
    await ownerAtRest(nodes, SERVICE);
    expect(await statuses()).toEqual(before);
    for (const node of nodes) expect(linesAboutStranger(node), node.name).toHaveLength(1);
    expect(new Set((await probe.stop()).flatMap(({ sender }) => sender ?? []))).toEqual(
      new Set([owner.name, target.name]),
    );
    for (const host of [...nodes, stranger]) expect(host.frr.crashed).toEqual([]);
  });

  function statuses(): Promise<unknown[]> {
    return Promise.all(nodes.map(async (node) => withoutWhatAMoveChanges(await node.srrd.status())));
  }

  /** In the LSDB of this node's ospfd. */
  async function countOfStranger(node: Host): Promise<number> {
    const shown = await Promise.all(
      ['opaque-as', 'opaque-area'].map((type) =>
        node.vtysh(`show ip ospf database ${type} adv-router ${stranger.routerId}`),
      ),
    );
    const ages = [...shown.join('').matchAll(/LS age: (\d+)[\s\S]*?Link State ID: 222\./g)];
    return ages.filter(([, age]) => Number(age) < 3600).length;
  }

  function linesAboutStranger(node: Host): string[] {
    return node.srrd
      .log()
      .map(({ msg }) => msg)
      .filter((msg) => msg.includes(stranger.routerId ?? ''));
  }
});

function withoutWhatAMoveChanges({ node, nodes, services }: SrrdStatus): unknown {
  const replicas = (service: SrrdStatus['services'][number]) =>
    service.replicas.map(({ claim: _, lsaId: __, checkStamp: ___, ...replica }) => replica);
  return { node, nodes, services: services.map((service) => ({ ...service, replicas: replicas(service) })) };
}
