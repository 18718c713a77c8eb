import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from './checkout.js';
import { type Cluster, createCluster, type Host, holders, ownerAtRest, startEverywhere, until } from './index.js';

const ADDRESS = '172.16.15.1';
const PORT = 7007;
/** It listens only from `start` to `stop`: what comes earlier or later is lost. */
const MAKEFILE = join(CHECKOUT, 'test', 'lab', 'services', 'responder', 'Makefile');

describe('announce: external', () => {
  let cluster: Cluster;
  let nodes: readonly Host[];

  beforeAll(async () => {
    cluster = await createCluster({ name: 'external' });
    nodes = cluster.nodes;
    const ECHO = {
      handover: 'overlap',
      addresses: [ADDRESS],
      makefile: MAKEFILE,
      variables: { PORT: `${PORT}` },
      check: { interval: '2s' },
    };
    await startEverywhere(nodes, { config: { announce: 'external' }, services: { ECHO } });
  });

  afterAll(() => cluster?.lab.destroy());

  it('announces an address in an AS-external LSA, and no other', async () => {
    const owner = await ownerAtRest(nodes, 'ECHO');
    await until(async () => (await externals(cluster.r1)).includes(ADDRESS), { what: 'the LSA is there' });
    expect(await externals(cluster.r1)).toEqual([ADDRESS]);
    expect(await owner.vtysh('show ip ospf database router self-originate')).not.toContain(ADDRESS);
  });

  it('loses nothing in planned moves', async () => {
    const probe = await cluster.client.probe(ADDRESS, { port: PORT });
    for (const target of [...nodes, ...nodes]) await moveTo(target);
    const replies = await probe.stop();
    const lost = replies.filter(({ receivedAt }) => receivedAt === null);
    console.log(`${lost.length} of ${replies.length} datagrams lost`);
    expect(lost.length).toBe(0);
  });

  it('goes over to stub links on one node, which leaves nothing of the other way in ospfd', async () => {
    const [node, other] = nodes;
    await moveTo(other!);
    await node!.srrd.stop();
    expect(await left(node!)).toEqual([]);
    await node!.startSrrd({ config: { announce: 'stub' } });
    await moveTo(node!);
    await until(async () => (await externals(cluster.r1)).length === 0, { what: 'it is a stub link' });
    expect(await node!.vtysh('show ip ospf database router self-originate')).toContain(ADDRESS);
  });

  async function moveTo(target: Host): Promise<void> {
    const owner = await ownerAtRest(nodes, 'ECHO');
    if (owner !== target) await target.srrctl('service', 'move', 'ECHO', target.name);
    await until(async () => `${await holders(nodes, ADDRESS)}` === target.name, { what: `only ${target.name} has it` });
    await ownerAtRest(nodes, 'ECHO');
  }

  /** The hosts of which a router knows an AS-external LSA that is not being flushed. */
  async function externals(router: Host): Promise<string[]> {
    return (await externalLsas(router)).map((lsa) => /Link State ID: (\S+)/.exec(lsa)?.[1] ?? '');
  }

  async function externalLsas(router: Host): Promise<string[]> {
    const shown = await router.vtysh('show ip ospf database external');
    return shown.split(/(?=LS age:)/).filter((part) => /^LS age: (?!3600)/.test(part));
  }

  /** What of srrd's is in ospfd's configuration. */
  async function left(node: Host): Promise<string[]> {
    const config = await node.vtysh(['enable', 'show running-config']);
    return config
      .split('\n')
      .filter((line) => /srrd(-withheld)?( |$)|redistribute|cost 65535/.test(line) && !line.startsWith('log file'));
  }
});
