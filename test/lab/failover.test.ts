import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cluster,
  createCluster,
  ECHO_MAKEFILE,
  type FrrChoice,
  type Host,
  holders,
  outageMs,
  ownerAtRest,
  type Probe,
  replicaSeenBy,
  startEverywhere,
  until,
  WITHOUT_BFD_MS,
} from './index.js';
import { median, timeline } from './timeline.js';

const SERVICE = 'ECHO';
const ADDRESS = '172.16.15.1';

describe.each<FrrChoice>(['installed', '10'])('a service that is equally welcome on three nodes with FRR %s', (frr) => {
  let cluster: Cluster;
  let nodes: readonly Host[];
  let probe: Probe;

  beforeAll(async () => {
    cluster = await createCluster({ name: frr === '10' ? 'fo10' : 'fo', frr });
    nodes = cluster.nodes;
    for (const node of nodes) node.answerAt(ADDRESS);
    await startEverywhere(nodes, { services: { [SERVICE]: { addresses: [ADDRESS], makefile: ECHO_MAKEFILE } } });
    const owner = await ownerAtRest(nodes, SERVICE);
    probe = await cluster.client.probe(ADDRESS);
    await probe.until(({ sender }) => sender === owner.name);
  });

  afterAll(() => cluster?.lab.destroy());

  it('is served by the highest-ranked survivor when its owner is cut off, and the old one takes nothing back', async () => {
    const cuts: { cutAt: bigint; next: Host }[] = [];
    for (let cut = 0; cut < 5; cut++) {
      const owner = await ownerAtRest(nodes, SERVICE);
      const next = highest(nodes.filter((node) => node !== owner));
      const cutAtMs = Date.now();
      const cutAt = await owner.cut();
      cuts.push({ cutAt, next });
      const first = await probe.until(({ sender }) => sender !== owner.name, { since: cutAt });
      expect(first.sender).toBe(next.name);
      console.log(timeline(cutAtMs, next, SERVICE));
      await owner.restore();
      await cluster.lab.converged();
      expect((await ownerAtRest(nodes, SERVICE)).name).toBe(next.name);
      expect(await holders(nodes, ADDRESS)).toEqual([next.name]);
    }
    await served(SERVICE);
    const outages = cuts.map(({ cutAt, next }) => outageMs(probe.replies(), cutAt, next.name));
    console.log(`cut off: ${outages.map((each) => each.toFixed(0)).join(', ')} ms`);
    expect(median(outages)).toBeLessThan(WITHOUT_BFD_MS);
  });

  it('moves to a node and back, commanded from a third', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const [target, third] = nodes.filter((node) => node !== owner);
    for (const [from, to] of [
      [owner, target!],
      [target!, owner],
    ] as const) {
      const commandedAt = process.hrtime.bigint();
      await third!.srrctl('service', 'move', SERVICE, to.name);
      await probe.until(({ sender }) => sender === to.name, { since: commandedAt });
      expect((await ownerAtRest(nodes, SERVICE)).name).toBe(to.name);
      expect(await from.holds(ADDRESS)).toBe(false);
      await served(SERVICE);
      const outage = outageMs(probe.replies(), commandedAt, to.name);
      console.log(`planned move: ${outage.toFixed(0)} ms`);
      expect(outage).toBeLessThan(WITHOUT_BFD_MS);
    }
  });

  it('moves when ospfd of its owner is killed, stops there, and the node rejoins when ospfd is back', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const survivors = nodes.filter((node) => node !== owner);
    const next = highest(survivors);
    const killedAt = process.hrtime.bigint();
    await owner.frr.kill('ospfd');
    const first = await probe.until(({ sender }) => sender !== owner.name, { since: killedAt });
    expect(first.sender).toBe(next.name);

    await until(async () => (await replicaSeenBy(owner, SERVICE, owner))?.state === 'stopped', {
      what: 'the owner without ospfd has stopped the service',
    });
    expect(await owner.holds(ADDRESS)).toBe(false);
    expect((await owner.srrd.status()).ospf.connected).toBe(false);
    expect((await ownerAtRest(survivors, SERVICE)).name).toBe(next.name);

    await owner.frr.start('ospfd');
    expect((await ownerAtRest(nodes, SERVICE)).name).toBe(next.name);
    expect(await holders(nodes, ADDRESS)).toEqual([next.name]);
    await cluster.lab.converged();
    const outage = outageMs(probe.replies(), killedAt, next.name);
    console.log(`ospfd killed: ${outage.toFixed(0)} ms`);
    expect(outage).toBeLessThan(WITHOUT_BFD_MS);
  });

  it('has crashed no daemon of FRR and no srrd', () => {
    for (const node of nodes) expect([node.frr.crashed, node.srrd.running]).toEqual([[], true]);
  });

  /** Until the client has been answered by the owner for a moment: then what was lost before is known. */
  async function served(service: string): Promise<void> {
    const owner = await ownerAtRest(nodes, service);
    const since = process.hrtime.bigint() + 100_000_000n;
    await probe.until(({ sender, sentAt }) => sender === owner.name && sentAt >= since);
  }
});

/** Equal preferences, none an owner: the router ID decides. */
function highest(hosts: readonly Host[]): Host {
  const number = (host: Host) => Number(host.routerId?.split('.').at(-1));
  return hosts.reduce((best, host) => (number(host) > number(best) ? host : best));
}
