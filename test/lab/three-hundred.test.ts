import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Cluster, createCluster, ECHO_MAKEFILE, type Host, startEverywhere, until } from './index.js';

const SERVICES = 300;
/** Where one process of each node answers at all addresses. */
const PORT = 7009;
/** Of all services together: each is asked every 150 ms. */
const HZ = 2_000;
/** On a machine that does much else; idle it takes seconds. */
const REST_MS = 400_000;

describe(`${SERVICES} services on three nodes`, () => {
  const names = Array.from({ length: SERVICES }, (_, index) => `S${index}`);
  const addresses = names.map((_, index) => `172.16.${16 + Math.floor(index / 250)}.${(index % 250) + 1}`);
  let cluster: Cluster;
  let nodes: readonly Host[];

  beforeAll(async () => {
    cluster = await createCluster({ name: 'hundreds' });
    nodes = cluster.nodes;
    for (const node of nodes) node.answerAt('0.0.0.0', PORT);
    await startEverywhere(nodes, (node) => ({
      services: Object.fromEntries(
        names.map((name, index) => [
          name,
          { addresses: [addresses[index]], makefile: ECHO_MAKEFILE, preference: node === cluster.a ? 200 : 100 },
        ]),
      ),
    }));
  });

  afterAll(() => cluster?.lab.destroy());

  it('come to rest, move when their node is cut off, and go back to it', { timeout: 3 * REST_MS }, async () => {
    const { a, b, c, client } = cluster;
    await atRest(nodes, (owner) => owner === a.routerId, 'a owns all');
    const probe = await client.probe(addresses.join(','), { port: PORT, hz: HZ });
    const cutAt = await a.cut();
    const cutMs = performance.now();
    await until(
      () => {
        const answered = new Set<number>();
        for (const { sequence, sentAt, receivedAt, sender } of probe.replies().slice(-2 * HZ)) {
          if (receivedAt !== null && sentAt >= cutAt && sender !== a.name) answered.add(sequence % SERVICES);
        }
        if (answered.size < SERVICES) throw new Error(`${answered.size} of ${SERVICES} answer`);
        return true;
      },
      { what: 'all answer again', timeoutMs: REST_MS, intervalMs: 250 },
    );
    console.log(`all answered again within ${((performance.now() - cutMs) / 1000).toFixed(1)} s of the cut`);
    await probe.stop();
    await atRest([b, c], (owner) => owner === b.routerId || owner === c.routerId, 'b and c own all');
    await a.restore();
    await atRest(nodes, (owner) => owner === a.routerId, 'a owns all again');

    const said = nodes.flatMap((node) => node.srrd.log().map(({ msg }) => `${node.name}: ${msg}`));
    console.log(
      said.filter((text) => /isolated:|-> active\/failed|did not arrive|did not answer the request/.test(text)),
    );
  });

  /** All of these nodes name the same, wanted owner for each service. */
  async function atRest(observers: readonly Host[], isWanted: (owner: string) => boolean, what: string): Promise<void> {
    await until(
      async () => {
        const seen = await Promise.all(observers.map((observer) => observer.srrd.status()));
        const owners = seen.map(({ services }) => services.map(({ name, owner }) => `${name} ${owner}`).sort());
        const [first = []] = owners;
        const other = first.find((text) => !isWanted(text.split(' ')[1] ?? ''));
        if (other !== undefined) throw new Error(`owner of ${other}`);
        if (first.length < SERVICES) throw new Error(`${first.length} services`);
        if (owners.some((each) => each.join() !== first.join())) throw new Error('they do not agree');
        return true;
      },
      { what, timeoutMs: REST_MS, intervalMs: 2_000 },
    );
  }
});
