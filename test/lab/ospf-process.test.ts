import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  agreedOwner,
  type Cluster,
  createCluster,
  ECHO_MAKEFILE,
  type Host,
  ownerAtRest,
  type SrrdStatus,
  startEverywhere,
  until,
} from './index.js';

const ADDRESS = '172.16.15.1';
const SERVICES = ['WEB', 'DISK'];
const NEW_ROUTER_ID = '10.0.0.77';

describe.each(['installed', '10'] as const)('`clear ip ospf process`, FRR %s', (frr) => {
  let cluster: Cluster;
  let nodes: readonly Host[];

  beforeAll(async () => {
    cluster = await createCluster({ name: 'clear', frr });
    nodes = cluster.nodes;
    for (const node of nodes) node.answerAt(ADDRESS);
    const services = {
      WEB: { makefile: ECHO_MAKEFILE, addresses: [ADDRESS] },
      DISK: { makefile: ECHO_MAKEFILE, kind: 'resource' },
    };
    await startEverywhere(nodes, { services });
    await atRest();
  });

  afterAll(() => cluster?.lab.destroy());

  it('on a node that owns nothing takes nothing from the owner', async () => {
    const [web, disk] = await atRest();
    const idle = nodes.find((node) => node !== web && node !== disk)!;
    const before = await claims();
    const probe = await cluster.client.probe(ADDRESS);
    await probe.until(({ sender }) => sender === web!.name);
    await clear(idle);
    expect(await atRest()).toEqual([web, disk]);
    // A takeover that was begun and given up again would have cost a claim.
    expect(await claims()).toEqual(before);
    expect(new Set((await probe.stop()).flatMap(({ sender }) => sender ?? []))).toEqual(new Set([web!.name]));
    await allSeeTheSame();
  });

  it('on the owner ends in one owner, and all nodes see the same', async () => {
    const [web] = await atRest();
    await clear(web!);
    await atRest();
    await allSeeTheSame();
  });

  it('leaves a cut what it always was', async () => {
    const [web] = await atRest();
    const rest = nodes.filter((node) => node !== web);
    const probe = await cluster.client.probe(ADDRESS);
    await web!.cut();
    for (const service of SERVICES) await ownerAtRest(rest, service);
    await probe.until(({ sender }) => sender !== null && sender !== web!.name);
    await web!.restore();
    await cluster.lab.converged();
    await atRest();
    await allSeeTheSame();
    await probe.stop();
  });

  it('gives the node another router ID, and its services have one owner', async () => {
    const [web] = await atRest();
    const others = nodes.filter((node) => node !== web);
    await web!.vtysh(['configure terminal', 'router ospf', `ospf router-id ${NEW_ROUTER_ID}`]);
    await web!.vtysh('clear ip ospf process');
    await until(
      async () => {
        const { node, nodes: seen } = await web!.srrd.status();
        expect(node).toMatchObject({ routerId: NEW_ROUTER_ID, phase: 'member' });
        for (const other of others)
          expect(seen).toContainEqual(expect.objectContaining({ routerId: other.routerId, reachable: true }));
        return true;
      },
      { what: `${web!.name} takes part under its new router ID`, timeoutMs: 120_000 },
    );
    for (const service of SERVICES) await agreedOwner(nodes, service, nodes, undefined, { timeoutMs: 120_000 });
    await allSeeTheSame();
  });

  async function clear(node: Host): Promise<void> {
    const from = node.srrd.log().length;
    await node.vtysh('clear ip ospf process');
    const since = () =>
      node.srrd
        .log()
        .slice(from)
        .map(({ msg }) => msg);
    await until(() => since().some((msg) => msg.startsWith('member:')), {
      what: `${node.name} was isolated, and takes part again`,
      timeoutMs: 120_000,
    });
    await cluster.lab.converged();
  }

  function atRest(): Promise<Host[]> {
    return Promise.all(SERVICES.map((service) => ownerAtRest(nodes, service)));
  }

  async function claims(): Promise<unknown> {
    const { services } = await nodes[0]!.srrd.status();
    return services.map(({ name, replicas }) => [name, replicas.map(({ routerId, claim }) => [routerId, claim])]);
  }

  async function allSeeTheSame(): Promise<void> {
    await until(
      async () => {
        const [first, ...others] = (await Promise.all(nodes.map((node) => node.srrd.status()))).map(whatAllShouldSee);
        for (const other of others) expect(other).toEqual(first);
        expect(first!.every(({ replicas }) => replicas.length === nodes.length)).toBe(true);
        return true;
      },
      { what: 'all nodes see the same', timeoutMs: 60_000, intervalMs: 200 },
    );
  }
});

function whatAllShouldSee({ services }: SrrdStatus) {
  return services.map(({ name, owner, replicas }) => ({
    name,
    owner,
    replicas: replicas.map(({ routerId, config, state, claim, joining }) => ({
      routerId,
      config,
      state,
      claim,
      joining,
    })),
  }));
}
