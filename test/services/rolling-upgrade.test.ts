import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Cluster,
  createCluster,
  ECHO_MAKEFILE,
  type Host,
  holders,
  ownerAtRest,
  startEverywhere,
  until,
} from '../lab/index.js';
import { buildPrevious, type PreviousBuild } from './previous-build.js';

// From the build before to this one, a node after the other. With what CI does not have to have: the history of the clone.

const WEB = '172.16.15.1';

let cluster: Cluster;
let previous: PreviousBuild;

beforeAll(async () => {
  previous = await buildPrevious();
  cluster = await createCluster({ name: 'upgrade' });
  const { nodes } = cluster;
  for (const node of nodes) node.answerAt(WEB);
  const shared = { makefile: ECHO_MAKEFILE };
  await startEverywhere(nodes, {
    checkout: previous.checkout,
    services: {
      WEB: { ...shared, addresses: [WEB], check: { interval: '2s' } },
      DISK: { ...shared, kind: 'resource' },
    },
  });
  await atRest();
}, 900_000);

afterAll(async () => {
  await cluster?.lab.destroy();
  previous?.remove();
});

it('an upgrade of one node after the other keeps the cluster together, which says that its versions are mixed', async () => {
  const { nodes, client } = cluster;
  const probe = await client.probe(WEB, { hz: 200 });
  const present = (await upgrade(cluster.a)).version;
  expect(present).not.toBe(previous.version);
  await allSay(nodes, `versions are mixed: ${previous.version} on b, c; ${present} on a`);
  await movesEverywhere();
  await upgrade(cluster.b);
  await allSay(nodes, `versions are mixed: ${previous.version} on c; ${present} on a, b`);
  await movesEverywhere();
  await upgrade(cluster.c);
  await allSay(nodes, undefined);
  await movesEverywhere();
  await probe.stop();
  const outages = probe.outages().map(({ durationMs }) => durationMs);
  console.log(
    `an upgrade of three nodes with nine moves: ${outages.length} outages, the longest ${Math.max(0, ...outages).toFixed(0)} ms`,
  );
  expect(outages.every(Number.isFinite)).toBe(true);
}, 900_000);

/** Ends srrd there, whichever it is, and starts the present one. */
async function upgrade(node: Host): Promise<{ readonly version: string }> {
  await node.srrd.stop();
  await node.startSrrd();
  await atRest();
  return (await node.srrd.status()).process;
}

/** Each node once, as the next one asks it to. */
async function movesEverywhere(): Promise<void> {
  const { nodes } = cluster;
  for (const [index, node] of nodes.entries()) {
    const asked = nodes[(index + 1) % nodes.length] ?? node;
    if ((await ownerAtRest(nodes, 'WEB')) !== node) await asked.srrctl('service', 'move', 'WEB', node.name);
    if ((await ownerAtRest(nodes, 'DISK')) !== node) await asked.srrctl('service', 'move', 'DISK', node.name);
    await until(async () => (await ownerAtRest(nodes, 'WEB')) === node, { what: `${node.name} owns WEB` });
    await until(async () => (await ownerAtRest(nodes, 'DISK')) === node, { what: `${node.name} owns DISK` });
    await atRest();
  }
}

/** One owner each, and the address there and nowhere else. */
async function atRest(): Promise<void> {
  const { nodes } = cluster;
  await ownerAtRest(nodes, 'DISK');
  const { name } = await ownerAtRest(nodes, 'WEB');
  await until(async () => (await holders(nodes, WEB)).join() === name, { what: `${name} alone has ${WEB}` });
}

async function allSay(nodes: readonly Host[], sentence: string | undefined): Promise<void> {
  for (const node of nodes) await expect.poll(async () => (await node.srrd.status()).mixedVersions).toBe(sentence);
}
