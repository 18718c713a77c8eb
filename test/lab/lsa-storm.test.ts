import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from './checkout.js';
import {
  agreedOwner,
  createLab,
  ECHO_MAKEFILE,
  type Host,
  type Lab,
  ownerAtRest,
  startEverywhere,
  until,
} from './index.js';
import { GiveUp } from './until.js';

const SERVICE = 'WEB';
const SECONDS = 10;
/** LSAs that are out at once. */
const COUNT = 5_000;
/** Of a move while a router floods as fast as its ospfd can. */
const WITHIN_MS = 20_000;

describe('a router that floods announcements as fast as its ospfd takes them', () => {
  let lab: Lab;
  let nodes: readonly Host[];
  let stranger: Host;

  beforeAll(async () => {
    lab = await createLab({ name: 'storm', bfd: false });
    const wire = lab.subnet('wire', '10.1.1.0/24');
    const node = (name: string, routerId: string) => lab.node(name, { subnets: [wire], routerId });
    nodes = [await node('a', '10.0.0.11'), await node('b', '10.0.0.12')];
    stranger = await node('stranger', '10.0.0.99');
    await lab.converged();
    await startEverywhere(nodes, { services: { [SERVICE]: { addresses: ['172.16.15.1'], makefile: ECHO_MAKEFILE } } });
    await ownerAtRest(nodes, SERVICE);
  });

  afterAll(() => lab?.destroy());

  it('ends no daemon and holds up no other node, and what it cost in memory comes back', async () => {
    const pids = nodes.map((node) => node.srrd.pid);
    const before = nodes.map(residentMegabytes);
    const script = join(CHECKOUT, 'test', 'lab', 'foreign', 'storm.mjs');
    const storm = stranger.spawn('storm', [process.execPath, script, String(SECONDS), String(COUNT)]);
    const said = (word: string) =>
      until(
        () => {
          if (!storm.running) throw new GiveUp(`the stranger has ended: ${storm.output()}`);
          return storm.output().includes(word);
        },
        { what: `the stranger has said "${word}"`, timeoutMs: 120_000 },
      );
    await said('flooding');
    const took: number[] = [];
    while (!storm.output().includes('flooded')) {
      const owner = (await ownerAtRest(nodes, SERVICE))!;
      const target = nodes.find((node) => node !== owner)!;
      const since = performance.now();
      await target.srrctl('service', 'move', SERVICE, target.name);
      await agreedOwner(nodes, SERVICE, nodes, target, { intervalMs: 20, timeoutMs: WITHIN_MS });
      took.push(performance.now() - since);
    }
    const peak = nodes.map(residentMegabytes);
    await said('flushed');
    await until(async () => (await Promise.all(nodes.map(namesOfStranger))).every((count) => count === 0), {
      what: 'nothing of the stranger is left',
      timeoutMs: 120_000,
      intervalMs: 200,
    });
    await ownerAtRest(nodes, SERVICE);
    const after = nodes.map(residentMegabytes);
    const [, flooded] = storm.output().match(/flooded (\d+)/) ?? [];
    const delays = await Promise.all(nodes.map(async (node) => (await node.srrd.status()).process.eventLoopDelayMs));
    console.log(
      `${flooded} LSAs in ${SECONDS} s and as many deletions; ${took.length} moves took ${took.map((ms) => ms.toFixed(0)).join(', ')} ms; ` +
        `resident ${before.join(', ')} MB before, ${peak.join(', ')} at the peak, ${after.join(', ')} afterwards; ` +
        `event loops were ${delays.join(', ')} ms late at worst`,
    );
    expect(nodes.map((node) => node.srrd.pid)).toEqual(pids);
    expect(took.length).toBeGreaterThan(0);
    for (const node of nodes) expect([node.srrd.running, node.frr.crashed]).toEqual([true, []]);
    for (const [index, megabytes] of after.entries()) expect(megabytes).toBeLessThan(2 * before[index]! + 60);
  });

  async function namesOfStranger(node: Host): Promise<number> {
    const { services } = await node.srrd.status();
    return services.filter(({ replicas }) => replicas.some(({ routerId }) => routerId === stranger.routerId)).length;
  }
});

function residentMegabytes(node: Host): number {
  const [, kilobytes] = readFileSync(`/proc/${node.srrd.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
