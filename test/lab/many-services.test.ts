import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cluster,
  createCluster,
  ECHO_MAKEFILE,
  type Host,
  startEverywhere,
  until,
  watchingTheLoop,
  worstLoopDelay,
} from './index.js';

const SERVICES = 100;
/** Where one process of each node answers at all addresses. */
const PORT = 7008;
/** Of all services together: each is asked every 40 ms. */
const HZ = 2_500;

describe(`${SERVICES} services with empty primitives on one node`, () => {
  const names = Array.from({ length: SERVICES }, (_, index) => `S${index}`);
  const addresses = names.map((_, index) => `172.16.16.${index + 1}`);
  let cluster: Cluster;
  let nodes: readonly Host[];

  beforeAll(async () => {
    cluster = await createCluster({ name: 'many' });
    nodes = cluster.nodes;
    for (const node of nodes) node.answerAt('0.0.0.0', PORT);
    await startEverywhere(nodes, (node) => ({
      services: Object.fromEntries(
        names.map((name, index) => [
          name,
          { addresses: [addresses[index]], makefile: ECHO_MAKEFILE, preference: node === cluster.a ? 200 : 100 },
        ]),
      ),
      environment: watchingTheLoop(loopDelayFile(node)),
    }));
  });

  afterAll(() => cluster?.lab.destroy());

  it('all answer again within seconds when it is cut off, and the survivor is never busy for long', async () => {
    const owner = cluster.a;
    const probe = await cluster.client.probe(addresses.join(','), { port: PORT, hz: HZ });
    await until(() => ownsAll(owner), {
      what: `${owner.name} owns all services`,
      timeoutMs: 90_000,
      intervalMs: 250,
    });
    await until(() => served(owner.name, 0n).size === SERVICES, { what: `${owner.name} answers for all` });
    const cutAt = await owner.cut();
    const cutMs = Date.now();
    const answered = await until(
      () => {
        const first = served(null, cutAt);
        return first.size === SERVICES && first;
      },
      { what: 'all services answer again', timeoutMs: 120_000, intervalMs: 100 },
    );
    const outages = [...answered.values()].map((at) => Number(at - cutAt) / 1e6).sort((a, b) => a - b);
    const next = nodes.find((node) => node.name === probe.latest?.sender)!;
    const { blockedMs, lateMs } = worstLoopDelay(loopDelayFile(next), cutMs);
    console.log(
      `cut off: first after ${ms(outages[0])}, half after ${ms(outages[SERVICES / 2])}, all after ${ms(outages.at(-1))} ` +
        `(promised: 2,500 ms); the survivor's event loop was blocked for ${ms(blockedMs)} at most (promised: 50 ms), and late by ${ms(lateMs)}`,
    );
    // Many times what is promised for a quiet machine, where the benchmark measures it: this one may be busy, or stand still
    // for a moment.
    expect(outages.at(-1)).toBeLessThan(20_000);
    expect(blockedMs).toBeLessThan(1_000);

    /** When each service was first answered since then, by that node (null: by another than the owner). */
    function served(by: string | null, since: bigint): Map<number, bigint> {
      const first = new Map<number, bigint>();
      for (const { sequence, sentAt, receivedAt, sender } of probe.replies().slice(since === 0n ? -2 * HZ : 0)) {
        const fits = by === null ? sender !== owner.name : sender === by;
        if (receivedAt === null || sentAt < since || !fits || first.has(sequence % SERVICES)) continue;
        first.set(sequence % SERVICES, receivedAt);
      }
      return first;
    }
  });

  async function ownsAll(owner: Host): Promise<boolean> {
    const { services } = await owner.srrd.status();
    const other = services.find((service) => service.owner !== owner.routerId);
    if (other !== undefined) {
      const states = other.replicas.map(
        ({ routerId, state, failure }) => `${routerId} ${state} ${failure?.reason ?? ''}`,
      );
      throw new Error(`${other.name} of ${services.length}: ${states.join(', ')}`);
    }
    return services.length === SERVICES;
  }
});

function loopDelayFile(node: Host): string {
  return join(node.directory, 'loop-delay.txt');
}

function ms(value: number | undefined): string {
  return `${value?.toFixed(0)} ms`;
}
