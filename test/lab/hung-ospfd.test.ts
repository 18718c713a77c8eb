import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from './checkout.js';
import { type Cluster, createCluster, type Host, ownerAtRest, startEverywhere } from './index.js';
import { Journal, overlaps, usesOf } from './journal.js';

const ADDRESS = '172.16.15.1';
const MAKEFILE = join(CHECKOUT, 'test', 'lab', 'services', 'journal', 'Makefile');
const ROUNDS = 2;

describe.each(['installed', '10'] as const)('a resource on a node whose ospfd hangs, FRR %s', (frr) => {
  let cluster: Cluster;
  let nodes: readonly Host[];
  let journal: Journal;

  beforeAll(async () => {
    cluster = await createCluster({ name: 'hung', frr });
    nodes = cluster.nodes;
    journal = new Journal(join(cluster.lab.directory, 'journal'));
    // The others notice as early as OSPF allows.
    for (const host of [cluster.r1, cluster.r2, ...nodes]) {
      const links = host.links.flatMap((link) => [
        `interface ${link.interface}`,
        'ip ospf dead-interval minimal hello-multiplier 5',
        'exit',
      ]);
      await host.vtysh(['configure terminal', ...links]);
    }
    await cluster.lab.converged();
    const shared = {
      group: 'SHOP',
      makefile: MAKEFILE,
      variables: { JOURNAL: journal.file, TAKES: '0.1', BROKEN: '/nonexistent' },
    };
    await startEverywhere(nodes, {
      services: { DISK: shared, WEB: { ...shared, addresses: [ADDRESS], dependsOn: ['DISK'], critical: true } },
    });
    await ownerAtRest(nodes, 'WEB');
  });

  afterAll(() => cluster?.lab.destroy());

  it('has been stopped there before another node starts it, and the node comes back when ospfd goes on', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const owner = await ownerAtRest(nodes, 'WEB');
      const survivors = nodes.filter((node) => node !== owner);
      const [from, logged] = [journal.length, owner.srrd.log().length];
      const frozenMs = Date.now();
      owner.frr.freeze('ospfd');
      const next = await ownerAtRest(survivors, 'WEB');
      const bfd = await next.vtysh('show bfd peers brief', 'bfdd');
      expect(overlaps(usesOf(journal.entries()))).toEqual([]);
      const done = journal.since(from);
      expect(done.indexOf(`${owner.name} DISK stopped`)).toBeGreaterThanOrEqual(0);
      expect(done.indexOf(`${owner.name} DISK stopped`)).toBeLessThan(done.indexOf(`${next.name} DISK starting`));

      const noticed = owner.srrd
        .log()
        .slice(logged)
        .find(({ msg }) => msg.includes('connection to ospfd lost'));
      const lost = next.srrd.log().find(({ msg, time }) => time > frozenMs && msg.includes('is unreachable'));
      const since = (what: string) =>
        journal
          .entries()
          .slice(from)
          .find((entry) => `${entry.node} ${entry.service} ${entry.what}` === what)?.atSeconds ?? 0;
      const ahead = since(`${next.name} DISK starting`) - since(`${owner.name} DISK stopped`);
      console.log(
        `${frr}: noticed by the owner after ${(noticed?.time ?? 0) - frozenMs} ms, by another after ${(lost?.time ?? 0) - frozenMs} ms; ` +
          `stopped ${ahead.toFixed(2)} s before it was started; BFD says\n${bfd}`,
      );

      owner.frr.thaw('ospfd');
      await cluster.lab.converged();
      expect(await ownerAtRest(nodes, 'WEB')).toBe(next);
      expect(overlaps(usesOf(journal.entries()))).toEqual([]);
    }
    for (const host of cluster.lab.hosts) if (host.hasFrr) expect(host.frr.crashed).toEqual([]);
  });
});
