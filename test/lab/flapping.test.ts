import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  agreedOwner,
  type Cluster,
  createCluster,
  ECHO_MAKEFILE,
  type Host,
  ownerAtRest,
  startEverywhere,
  until,
} from './index.js';

const COMMANDS = 240;
/** docs/flooding.md: of one service 64 changes at once, then 3 a second. */
const BURST = 64;
const PER_SECOND = 3;
/** A generation is deleted so long after its successor went out, and a deletion may take another retransmission. */
const DELETED_AFTER_SECONDS = 11 + 6;

describe('a service that is started and stopped in a loop', () => {
  let cluster: Cluster;
  let nodes: readonly Host[];

  beforeAll(async () => {
    cluster = await createCluster({ name: 'flap' });
    nodes = cluster.nodes;
    const shared = { makefile: ECHO_MAKEFILE };
    await startEverywhere(nodes, {
      services: {
        FLAP: { ...shared, addresses: ['172.16.15.1'] },
        MAIL: { ...shared, addresses: ['172.16.15.2'] },
      },
    });
    for (const service of ['FLAP', 'MAIL']) await ownerAtRest(nodes, service);
  });

  afterAll(() => cluster?.lab.destroy());

  it('cannot load the OSPF domain, does not hold up another, and its last state arrives', async () => {
    const { a, b, r1 } = cluster;
    let commands = 0;
    let most = 0;
    let moved = false;
    const begunMs = performance.now();
    while (commands < COMMANDS) {
      for (const command of ['start', 'stop']) {
        await post(a, `services/FLAP/${command}`);
        commands += 1;
      }
      if (commands % 40 === 0) most = Math.max(most, await announcementsOf(r1, a));
      if (!moved && commands >= COMMANDS / 2) {
        moved = true;
        const since = performance.now();
        await post(a, 'services/MAIL/start');
        await agreedOwner([b], 'MAIL', nodes, a, { intervalMs: 20 });
        console.log(
          `another service has moved to the node of the flapping one in ${(performance.now() - since).toFixed(0)} ms`,
        );
      }
    }
    const seconds = (performance.now() - begunMs) / 1000;
    most = Math.max(most, await announcementsOf(r1, a));
    console.log(
      `${commands} commands in ${seconds.toFixed(1)} s: at most ${most} announcements of ${a.name} in the LSDB at a time`,
    );
    // Of the other service and of the daemon a few, and what the beginning of the lab has left. Without a limit there are 260.
    expect(most).toBeLessThan(BURST + PER_SECOND * Math.min(seconds, DELETED_AFTER_SECONDS) + 50);
    const told = a.srrd.log().filter(({ msg }) => msg.startsWith('FLAP changes faster than'));
    expect(told).toHaveLength(1);

    await until(() => post(a, 'services/FLAP/start'), { what: 'the last start is accepted' });
    await agreedOwner(nodes, 'FLAP', nodes, a);
    expect((await ownerAtRest(nodes, 'FLAP')).name).toBe(a.name);
  });
});

/** Opaque LSAs of that router in the LSDB that are not just being deleted. */
async function announcementsOf(observer: Host, origin: Host): Promise<number> {
  const text = await observer.vtysh(`show ip ospf database opaque-as adv-router ${origin.routerId}`);
  return [...text.matchAll(/LS age: (\d+)/g)].filter(([, age]) => Number(age) < 3600).length;
}

/** As srrctl does, without the time that starting srrctl takes. Returns whether the command was accepted. */
function post(node: Host, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        socketPath: node.srrd.socket,
        path: `/api/v1/${path}`,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        agent: false,
        timeout: 30_000,
      },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode === 200));
        response.on('error', reject);
      },
    );
    asked.on('timeout', () => asked.destroy(new Error(`${node.name}: ${path}: no answer in 30 s`)));
    asked.on('error', reject);
    asked.end('{}');
  });
}
