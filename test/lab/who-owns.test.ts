import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from './checkout.js';
import {
  agreedOwner,
  type Cluster,
  createCluster,
  ECHO_MAKEFILE,
  type Host,
  holders,
  outageMs,
  ownerAtRest,
  replicaSeenBy,
  startEverywhere,
  until,
  WITHOUT_BFD_MS,
} from './index.js';

const PREFERRED = '172.16.15.1';
const FAILING = '172.16.15.2';
/** Of the service that prefers a; the other one prefers c, the one on which it cannot start. */
const PREFERENCES: Readonly<Record<string, number>> = { a: 200, b: 150, c: 100 };
const PREFERENCES_OF_FAILING: Readonly<Record<string, number>> = { a: 100, b: 150, c: 200 };

describe('three nodes, a service that prefers one of them and a service that cannot start on one of them', () => {
  let cluster: Cluster;
  let nodes: readonly Host[];

  beforeAll(async () => {
    cluster = await createCluster({ name: 'who' });
    nodes = cluster.nodes;
    for (const node of nodes) node.answerAt(PREFERRED);
    await startEverywhere(nodes, (node) => ({
      services: {
        PREFERRED: { addresses: [PREFERRED], makefile: ECHO_MAKEFILE, preference: PREFERENCES[node.name] },
        FAILING: {
          addresses: [FAILING],
          preference: PREFERENCES_OF_FAILING[node.name],
          makefile: join(CHECKOUT, 'test', 'lab', 'services', 'fails', 'Makefile'),
          variables: { FAILS_ON: 'c', CALLS: calls(node) },
        },
      },
    }));
  });

  afterAll(() => cluster?.lab.destroy());

  it('runs the service whose start fails on the next node, and it stays failed where it failed', async () => {
    const { b, c } = cluster;
    for (const observer of nodes) {
      const failed = await until(
        async () => {
          const replica = await replicaSeenBy(observer, 'FAILING', c);
          return replica?.state === 'failed' && replica;
        },
        { what: `${observer.name} knows that it has failed on c` },
      );
      expect(failed.config).toBe('active');
      expect(failed.failure).toEqual({ code: 'start-failed', reason: expect.stringContaining('the disk is full') });
    }
    await agreedOwner(nodes, 'FAILING', nodes, b);
    expect(await holders(nodes, FAILING)).toEqual(['b']);
    await until(() => callsOn(c).includes('failed'), { what: 'the primitive failed was called' });
    // What half a start has left is stopped; `failed` comes last.
    expect(callsOn(c).filter((call) => call !== 'join' && call !== 'leave')).toEqual([
      'activate',
      'start',
      'stop',
      'failed',
    ]);
  });

  it('gives the service back to the preferred node when that returns', async () => {
    const { a, b, client, lab } = cluster;
    await agreedOwner(nodes, 'PREFERRED', nodes, a);
    expect((await ownerAtRest(nodes, 'PREFERRED')).name).toBe('a');
    const probe = await client.probe(PREFERRED);
    await probe.until(({ sender }) => sender === 'a');
    const cutAt = await a.cut();
    await probe.until(({ sender }) => sender === 'b', { since: cutAt });
    await a.restore();
    const restoredAt = process.hrtime.bigint();
    await probe.until(({ sender }) => sender === 'a', { since: restoredAt });
    await lab.converged();
    expect((await ownerAtRest(nodes, 'PREFERRED')).name).toBe('a');
    expect(await holders(nodes, PREFERRED)).toEqual(['a']);
    await probe.stop();
    expect(outageMs(probe.replies(), cutAt, b.name)).toBeLessThan(WITHOUT_BFD_MS);
    console.log(`taken over after ${outageMs(probe.replies(), cutAt, b.name).toFixed(0)} ms`);
    console.log(`taken back with an outage of ${outageMs(probe.replies(), restoredAt, a.name).toFixed(0)} ms`);
  });
});

function calls(node: Host): string {
  return join(node.directory, 'calls');
}

function callsOn(node: Host): string[] {
  return readFileSync(calls(node), 'utf8').split('\n').filter(Boolean);
}
