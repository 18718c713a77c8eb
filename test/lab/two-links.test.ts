import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  agreedOwner,
  createLab,
  type Host,
  type Lab,
  type Outage,
  ownerAtRest,
  type Probe,
  replicaSeenBy,
  startEverywhere,
  WITHOUT_BFD_MS,
} from './index.js';
import { Journal } from './journal.js';
import { configOf, definitions, FEED_ADDRESS, GROUP, nginxConfig } from './shop.js';

describe('a group on two nodes with two links between them', () => {
  let lab: Lab;
  let nodes: readonly Host[];
  let probe: Probe;
  let journal: Journal;

  beforeAll(async () => {
    lab = await createLab({ name: 'links' });
    const wires = [1, 2].map((number) => lab.subnet(`wire${number}`, `10.1.${number}.0/24`, { pointToPoint: true }));
    const outside = lab.subnet('outside', '10.1.3.0/24');
    const near = await lab.node('near', { subnets: [...wires, outside], routerId: '10.0.0.11' });
    const far = await lab.node('far', { subnets: wires, routerId: '10.0.0.12' });
    nodes = [near, far];
    const client = await lab.client('client', { subnet: outside, via: near });
    await lab.converged();
    mkdirSync(join(lab.directory, 'disk', 'data'), { recursive: true });
    journal = new Journal(join(lab.directory, 'journal'));
    for (const node of nodes) node.answerAt(FEED_ADDRESS);
    await startEverywhere(nodes, (node) => {
      writeFileSync(configOf(node), nginxConfig(node, join(lab.directory, 'disk')));
      return { services: definitions(journal, node) };
    });
    // The first of them to be up may own it. Between the client and far are the two links.
    const first = await ownerAtRest(nodes, 'FEED');
    if (first !== far) await far.srrctl('service', 'move', 'DISK', far.name);
    for (const service of GROUP) await agreedOwner(nodes, service, nodes, far);
    probe = await client.probe(FEED_ADDRESS);
    await probe.until(({ sender }) => sender === far.name);
  });

  afterAll(() => lab?.destroy());

  it.each(['silent', 'unplugged'] as const)('does not move when one of the links is lost (%s)', async (kind) => {
    const [near, far] = nodes;
    const owner = await ownerAtRest(nodes, 'WEB');
    expect(owner).toBe(far);
    const outages: Outage[] = [];
    for (const subnet of new Set(far!.links.map((link) => link.subnet))) {
      const [before, begin] = [await claims(), journal.length];
      const cutAt = await far!.link(subnet).cut(kind);
      // All neighbours and routes are what one link allows: the loss has been noticed.
      await lab.converged();
      const noticedAt = process.hrtime.bigint();
      await probe.until(({ sentAt }) => sentAt > noticedAt);
      for (const service of GROUP) expect(await ownerAtRest(nodes, service)).toBe(far);
      expect(journal.since(begin)).toEqual([]);
      // A takeover that was begun and given up again would have cost a claim.
      expect(await claims()).toEqual(before);

      await far!.link(subnet).restore();
      await lab.converged();
      for (const service of GROUP) expect(await ownerAtRest(nodes, service)).toBe(far);
      expect(journal.since(begin)).toEqual([]);
      expect(await claims()).toEqual(before);
      // The questions go over one of the links, and over the other when that one is gone.
      const lost = probe.outages().filter(({ from }) => from >= cutAt);
      for (const { durationMs } of lost) expect(durationMs).toBeLessThan(WITHOUT_BFD_MS);
      outages.push(...lost);
    }
    console.log(`${kind}: ${outages.map(({ durationMs }) => durationMs.toFixed(0)).join(' + ')} ms lost`);
    expect(outages).not.toEqual([]);
    expect(new Set(probe.replies().flatMap(({ sender }) => sender ?? []))).toEqual(new Set([far!.name]));
    for (const node of [near!, far!]) expect([node.frr.crashed, node.srrd.running]).toEqual([[], true]);
  });

  /** What either node knows of the claims of either. */
  async function claims(): Promise<unknown> {
    return Promise.all(
      nodes.flatMap((observer) =>
        GROUP.flatMap((service) =>
          nodes.map(async (node) => {
            const replica = await replicaSeenBy(observer, service, node);
            return `${observer.name}: ${service} on ${node.name} ${replica?.state} ${replica?.claim}`;
          }),
        ),
      ),
    );
  }
});
