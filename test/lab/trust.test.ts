import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StatusDocument } from '../../src/http/index.js';
import {
  addKey,
  beginRotation,
  finishRotation,
  initTrust,
  removeKey,
  type TrustStatus,
} from '../../src/trust/index.js';
import { CHECKOUT } from './checkout.js';
import { type Cluster, createCluster, ECHO_MAKEFILE, type Host, ownerAtRest, startEverywhere, until } from './index.js';
import { GiveUp } from './until.js';

const SERVICE = 'ECHO';
const ADDRESS = '172.16.15.1';

describe('three nodes that believe only what is signed', () => {
  let cluster: Cluster;
  let nodes: readonly Host[];
  let forger: Host;

  beforeAll(async () => {
    cluster = await createCluster({ name: 'trust' });
    nodes = cluster.nodes;
    const near = cluster.a.link().subnet;
    forger = await cluster.lab.node('forger', { subnets: [near], routerId: '10.0.0.99', priority: 0 });
    await cluster.lab.converged();
    for (const node of nodes) node.answerAt(ADDRESS);
    makeKeys(nodes);
    await startEverywhere(nodes, (node) => ({
      config: { trust: 'require', trustDir: folderOf(node), remoteCommands: { operator: [], admin: ['move'] } },
      services: { [SERVICE]: { addresses: [ADDRESS], makefile: ECHO_MAKEFILE } },
    }));
  });

  afterAll(() => cluster?.lab.destroy());

  it('are not moved by a router without a key, which is counted and named', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const probe = await cluster.client.probe(ADDRESS);
    await probe.until(({ sender }) => sender === owner.name);
    for (const node of nodes) expect(await trustOf(node), node.name).toMatchObject({ mode: 'require', refused: 0 });

    const script = join(CHECKOUT, 'test', 'lab', 'foreign', 'forger.mjs');
    const forging = forger.spawn('forger', [process.execPath, script, SERVICE, ADDRESS, owner.routerId ?? '']);
    const flooded = await until(
      () => {
        if (!forging.running) throw new GiveUp(`the forger has ended: ${forging.output()}`);
        const [, count] = /flooded (\d+)\n/.exec(forging.output()) ?? [];
        return count === undefined ? null : Number(count);
      },
      { what: 'the forger has originated its LSAs', timeoutMs: 120_000 },
    );
    for (const node of nodes) {
      await until(async () => (await trustOf(node)).refused >= flooded, {
        what: `${node.name} has refused all ${flooded} LSAs of the forger`,
        timeoutMs: 120_000,
        intervalMs: 200,
      });
      const { nodes: standings, refused } = await trustOf(node);
      const others = standings.filter(({ routerId }) => routerId !== forger.routerId);
      expect(others.map((other) => other.refused)).toEqual(others.map(() => 0));
      expect(refused).toBeGreaterThanOrEqual(flooded);
      // The status is taken for the pages from time to time, not when it is asked for.
      await expect
        .poll(async () => (await statusOf(node)).process.problems)
        .toContainEqual(expect.stringContaining(`in the name of ${forger.routerId} not believed`));
    }
    expect(await ownerAtRest(nodes, SERVICE)).toBe(owner);

    // Commands of nodes that have keys travel as ever.
    const target = nodes.find((node) => node !== owner)!;
    const third = nodes.find((node) => node !== owner && node !== target)!;
    await third.srrctl('service', 'move', SERVICE, target.name);
    expect(await ownerAtRest(nodes, SERVICE)).toBe(target);
    await forging.stop();
    await isNotedOnBoth('move', third, target, /: \S+ takes ECHO over/);

    // They carry the role of who gave them, and do here what this node lets that role do.
    const refusal = 'stop asked on another node as admin is not carried out here (remoteCommands)';
    await expect(third.srrctl('service', 'stop', SERVICE, target.name)).rejects.toThrow(refusal);
    await isNotedOnBoth('stop', third, target, new RegExp(`, refused: ${escaped(refusal)}`));
    expect(await ownerAtRest(nodes, SERVICE)).toBe(target);
    expect(new Set((await probe.stop()).flatMap(({ sender }) => sender ?? []))).toEqual(
      new Set([owner.name, target.name]),
    );
  });

  it('go on while the owner changes its key, and hear the old one no longer', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const others = nodes.filter((node) => node !== owner);
    const probe = await cluster.client.probe(ADDRESS);
    await probe.until(({ sender }) => sender === owner.name);

    const { line } = beginRotation(folderOf(owner));
    for (const node of others) addKey(folderOf(node), line);
    for (const node of nodes) await readsOtherKeys(node);
    const { before, keyId } = finishRotation(folderOf(owner));
    await readsOtherKeys(owner);
    expect((await trustOf(owner)).keyId).toBe(keyId);
    for (const node of others) removeKey(folderOf(node), before);
    for (const node of others) await readsOtherKeys(node);

    // Nothing has moved, and its commands travel as before.
    expect(await ownerAtRest(nodes, SERVICE)).toBe(owner);
    expect(new Set((await probe.stop()).flatMap(({ sender }) => sender ?? []))).toEqual(new Set([owner.name]));
    const target = others[0]!;
    await owner.srrctl('service', 'move', SERVICE, target.name);
    expect(await ownerAtRest(nodes, SERVICE)).toBe(target);
  });
});

async function readsOtherKeys(node: Host): Promise<void> {
  const read = () => node.srrd.log().filter(({ msg }) => msg.startsWith('trust: require from now on')).length;
  const before = read();
  node.srrd.signal('SIGHUP');
  await until(() => (read() > before ? true : null), {
    what: `${node.name} has read other keys`,
    timeoutMs: 120_000,
    intervalMs: 50,
  });
}

/** Who asked for it, as what, where, and what came of it is in both logs. */
async function isNotedOnBoth(command: string, issuer: Host, target: Host, outcome: RegExp): Promise<void> {
  const by = `${command} by local as admin`;
  const request = new RegExp(`^local from the UNIX socket: POST /\\S+/${command} target ${target.name}: \\d+ `);
  const logged = (host: Host, words: RegExp) => host.srrd.log().filter(({ msg }) => words.test(msg)).length;
  await expect
    .poll(() => [
      logged(issuer, request),
      logged(issuer, new RegExp(`^${by}, sent to ${target.routerId}${outcome.source}`)),
      logged(target, new RegExp(`^${by}, asked on ${issuer.routerId}${outcome.source}`)),
    ])
    .toEqual([1, 1, 1]);
}

function escaped(text: string): string {
  return text.replace(/[()]/g, '\\$&');
}

function folderOf(node: Host): string {
  return join(node.directory, 'trust');
}

/** Makes a key for each of them, and gives all of them the same list. */
function makeKeys(nodes: readonly Host[]): void {
  const lines = nodes.map((node) => initTrust(folderOf(node), node.routerId ?? '', node.name).line);
  const [first, ...others] = nodes;
  for (const line of lines.slice(1)) addKey(folderOf(first!), line);
  copyList(first!, others);
}

function copyList(from: Host, others: readonly Host[]): void {
  for (const to of others) copyFileSync(join(folderOf(from), 'nodes.pub'), join(folderOf(to), 'nodes.pub'));
}

async function trustOf(node: Host): Promise<TrustStatus> {
  return (await statusOf(node)).process.trust;
}

async function statusOf(node: Host): Promise<StatusDocument> {
  return (await node.srrd.status()) as unknown as StatusDocument;
}
