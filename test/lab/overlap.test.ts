import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from './checkout.js';
import {
  type Cluster,
  createCluster,
  ECHO_MAKEFILE,
  type Host,
  holders,
  outageMs,
  ownerAtRest,
  type Probe,
  type Reply,
  startEverywhere,
  until,
  WITHOUT_BFD_MS,
} from './index.js';

const ECHO = '172.16.15.1';
const WEB = '172.16.15.128';
const MOVES = 20;

/** It answers a second after its `start` has ended. */
const LATE = { address: '172.16.15.2', port: 7009, readyAfterSeconds: 1, moves: 3 };
const LATE_MAKEFILE = join(CHECKOUT, 'test', 'lab', 'services', 'responder', 'Makefile');

/** What becomes of a connection that is open when the route changes. */
const BREAKS: ReadonlySet<string> = new Set(['ECONNRESET', 'cut', 'timeout']);

interface Move {
  readonly target: string;
  readonly commandedAt: bigint;
  /** When the first request was sent that the new owner answered: those sent later cannot have met the old one. */
  readonly switchedAt: bigint;
}

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
        LATE: {
          ...shared,
          addresses: [LATE.address],
          makefile: LATE_MAKEFILE,
          variables: { PORT: `${LATE.port}`, READY_AFTER: `${LATE.readyAfterSeconds}` },
          verify: true,
        },
      },
    });
    for (const service of ['ECHO', 'WEB', 'LATE']) await ownerAtRest(nodes, service);
  });

  afterAll(() => cluster?.lab.destroy());

  it(`loses none of 1,000 datagrams a second in ${MOVES} planned moves`, async () => {
    const probe = await cluster.client.probe(ECHO);
    const moves = await moveAround(probe, 'ECHO', ECHO, MOVES);
    const replies = await probe.stop();
    const lost = replies.filter(({ receivedAt }) => receivedAt === null);
    console.log(`${moves.length} moves: ${lost.length} of ${replies.length} datagrams lost, ${rate(replies)}`);
    expect(lost).toEqual([]);
  });

  it('loses nothing of a service that is ready a second after its start, where it is verified', async () => {
    const probe = await cluster.client.probe(LATE.address, { port: LATE.port });
    const moves = await moveAround(probe, 'LATE', LATE.address, LATE.moves);
    const replies = await probe.stop();
    const lost = replies.filter(({ receivedAt }) => receivedAt === null);
    const slowest = Math.max(...moves.map(({ commandedAt, switchedAt }) => Number(switchedAt - commandedAt) / 1e6));
    console.log(
      `verified, ${moves.length} moves: ${lost.length} of ${replies.length} lost, moved in ${slowest.toFixed(0)} ms at most`,
    );
    expect(lost.length).toBe(0);
    expect(moves.every(({ commandedAt, switchedAt }) => switchedAt - commandedAt > LATE.readyAfterSeconds * 1e9)).toBe(
      true,
    );
  });

  it(`refuses none of the requests on new connections, and answers within a second, in ${MOVES} planned moves`, async () => {
    const probe = await cluster.client.probe(WEB, { kind: 'http', hz: 1_000, sender: 'served by <b>([^<]+)</b>' });
    const moves = await moveAround(probe, 'WEB', WEB, MOVES);
    const replies = await probe.stop();
    const unanswered = replies.filter(({ receivedAt }) => receivedAt === null);
    const longestMs = Math.max(...replies.map((reply) => probe.tookMs(reply) ?? 0));
    const broken = unanswered.filter(({ failure }) => BREAKS.has(failure ?? ''));
    console.log(
      `${moves.length} moves, ${replies.length} requests, ${rate(replies)}: ${broken.length} connections broken, ` +
        `the slowest answer after ${longestMs.toFixed(0)} ms`,
    );
    expect(unanswered.filter((reply) => !broken.includes(reply))).toEqual([]);
    // A connection that was open when the route changed goes on at a node that does not know it, and the old one hears
    // no more of it. No other may break.
    expect(broken.filter((reply) => !moves.some((move) => wasOpenIn(move, reply)))).toEqual([]);
    expect(longestMs).toBeLessThan(1_000);
  });

  it('is over at once when the old owner is cut off while its route is withdrawn', async () => {
    const probe = await cluster.client.probe(ECHO);
    const owner = await ownerAtRest(nodes, 'ECHO');
    const target = nodes.find((node) => node !== owner)!;
    const since = process.hrtime.bigint();
    await target.srrctl('service', 'move', 'ECHO', target.name);
    await probe.until(({ sender, sentAt }) => sender === target.name && sentAt > since, { since });
    const cutAt = await owner.cut();
    await probe.until(({ sentAt }) => sentAt > cutAt + 1_500_000_000n);
    const outage = outageMs(await probe.stop(), cutAt, target.name);
    console.log(`the old owner cut off while its route is withdrawn: ${outage.toFixed(0)} ms`);
    expect(outage).toBeLessThan(WITHOUT_BFD_MS);
    expect(await holders(nodes, ECHO)).toEqual([target.name]);
    await owner.restore();
    await cluster.lab.converged();
    expect((await ownerAtRest(nodes, 'ECHO')).name).toBe(target.name);
  });

  /** Each node after the other, commanded on the node that is to have it. */
  async function moveAround(probe: Probe, service: string, address: string, times: number): Promise<Move[]> {
    const moves: Move[] = [];
    for (let move = 0; move < times; move++) {
      const owner = await ownerAtRest(nodes, service);
      const target = nodes[(nodes.indexOf(owner) + 1 + (move % 2)) % nodes.length]!;
      const commandedAt = process.hrtime.bigint();
      await target.srrctl('service', 'move', service, target.name);
      const fits = ({ sender, sentAt }: Reply): boolean => sender === target.name && sentAt > commandedAt;
      await probe.until(fits, { since: commandedAt });
      await until(async () => `${await holders(nodes, address)}` === target.name, {
        what: `only ${target.name} has ${address}`,
      });
      expect((await ownerAtRest(nodes, service)).name).toBe(target.name);
      const { sentAt: switchedAt } = probe.replies().find(fits)!;
      moves.push({ target: target.name, commandedAt, switchedAt });
    }
    return moves;
  }
});

function wasOpenIn({ commandedAt, switchedAt }: Move, { sentAt, failedAt }: Reply): boolean {
  return failedAt !== null && sentAt <= switchedAt && failedAt >= commandedAt;
}

function rate(replies: readonly Reply[]): string {
  const seconds = Number(replies.at(-1)!.sentAt - replies[0]!.sentAt) / 1e9;
  return `${(replies.length / seconds).toFixed(0)} a second`;
}
