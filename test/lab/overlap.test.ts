import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cluster,
  createCluster,
  ECHO_MAKEFILE,
  type Host,
  holders,
  outageMs,
  ownerAtRest,
  startEverywhere,
  until,
} from './index.js';

const ECHO = '172.16.15.1';
const WEB = '172.16.15.128';
const MOVES = 20;

describe('handover: overlap', () => {
  let cluster: Cluster;
  let nodes: readonly Host[];

  beforeAll(async () => {
    cluster = await createCluster({ name: 'overlap' });
    nodes = cluster.nodes;
    for (const node of nodes) node.answerAt(ECHO);
    const shared = { handover: 'overlap', check: { interval: '2s' } };
    await startEverywhere(nodes, {
      services: {
        ECHO: { ...shared, addresses: [ECHO], makefile: ECHO_MAKEFILE },
        WEB: { ...shared, addresses: [WEB], makefile: 'nginx/Makefile' },
      },
    });
    for (const service of ['ECHO', 'WEB']) await ownerAtRest(nodes, service);
  });

  afterAll(() => cluster?.lab.destroy());

  it(`loses none of 1,000 datagrams a second in ${MOVES} planned moves`, async () => {
    const probe = await cluster.client.probe(ECHO);
    const servers = await moveAround('ECHO', ECHO, (sender, since) =>
      probe.until((reply) => reply.sender === sender && reply.sentAt > since, { since }),
    );
    const replies = await probe.stop();
    const lost = replies.filter(({ receivedAt }) => receivedAt === null);
    console.log(`${servers.length} moves: ${lost.length} of ${replies.length} datagrams lost`);
    expect(replies.length).toBeGreaterThan(900 * (seconds(replies.at(-1)!.sentAt - replies[0]!.sentAt) - 1));
    expect(lost).toEqual([]);
  }, 240_000);

  it(`refuses none of 1,000 requests a second on new connections, and answers within a second, in ${MOVES} planned moves`, async () => {
    const probe = await cluster.client.probe(WEB, { kind: 'http', hz: 1_000, sender: 'served by <b>([^<]+)</b>' });
    const servers = await moveAround('WEB', WEB, (sender, since) =>
      probe.until((reply) => reply.sender === sender && reply.sentAt > since, { since }),
    );
    const replies = await probe.stop();
    const unanswered = replies.filter(({ receivedAt }) => receivedAt === null);
    const longestMs = Math.max(
      ...replies.map(({ sentAt, receivedAt }) => (receivedAt === null ? 0 : Number(receivedAt - sentAt) / 1e6)),
    );
    const reset = unanswered.filter(({ failure }) => failure === 'ECONNRESET');
    console.log(
      `${servers.length} moves, ${replies.length} requests: ${reset.length} connections reset, ` +
        `the slowest answer after ${longestMs.toFixed(0)} ms`,
    );
    expect(replies.length).toBeGreaterThan(900 * (seconds(replies.at(-1)!.sentAt - replies[0]!.sentAt) - 1));
    // A connection that was open when the route changed goes on at a node that does not know it.
    expect(unanswered.filter((reply) => !reset.includes(reply))).toEqual([]);
    expect(reset.length).toBeLessThan(10 * servers.length);
    expect(longestMs).toBeLessThan(1_000);
  }, 240_000);

  it('is over at once when the old owner is cut off while its route is withdrawn', async () => {
    const probe = await cluster.client.probe(ECHO);
    const owner = await ownerAtRest(nodes, 'ECHO');
    const target = nodes.find((node) => node !== owner)!;
    const since = process.hrtime.bigint();
    await target.srrctl('service', 'move', 'ECHO', target.name);
    await probe.until(({ sender, sentAt }) => sender === target.name && sentAt > since, { since });
    const cutAt = await owner.cut();
    await probe.until(({ sentAt }) => sentAt > cutAt + 1_500_000_000n);
    expect(outageMs(await probe.stop(), cutAt, target.name)).toBeLessThan(1_000);
    expect(await holders(nodes, ECHO)).toEqual([target.name]);
    await owner.restore();
    await cluster.lab.converged();
    expect((await ownerAtRest(nodes, 'ECHO')).name).toBe(target.name);
  });

  /** Each node after the other, commanded on the node that is to have it. Gives who served. */
  async function moveAround(
    service: string,
    address: string,
    served: (sender: string, since: bigint) => Promise<unknown>,
  ): Promise<string[]> {
    const servers: string[] = [];
    for (let move = 0; move < MOVES; move++) {
      const owner = await ownerAtRest(nodes, service);
      const target = nodes[(nodes.indexOf(owner) + 1 + (move % 2)) % nodes.length]!;
      const since = process.hrtime.bigint();
      await target.srrctl('service', 'move', service, target.name);
      await served(target.name, since);
      await until(async () => `${await holders(nodes, address)}` === target.name, {
        what: `only ${target.name} has ${address}`,
      });
      expect((await ownerAtRest(nodes, service)).name).toBe(target.name);
      servers.push(target.name);
    }
    return servers;
  }
});

function seconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9;
}
