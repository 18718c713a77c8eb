import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster, ECHO_MAKEFILE, type Host, ownerAtRest, startEverywhere, until } from './index.js';

const SERVICES = 20;
/** SRRD_FOOTPRINT_SECONDS=300 measures for as long as the README's figures. */
const WINDOW_SECONDS = Number(process.env.SRRD_FOOTPRINT_SECONDS ?? 20);
/** `getconf CLK_TCK`; the same on every Linux that runs Node.js. */
const TICKS_PER_SECOND = 100;

interface Use {
  readonly cpuSeconds: number;
  readonly residentMegabytes: number;
}

describe(`srrd with ${SERVICES} services, none running a check`, () => {
  let cluster: Cluster;
  let nodes: readonly Host[];

  beforeAll(async () => {
    cluster = await createCluster({ name: 'foot' });
    nodes = cluster.nodes;
    const names = Array.from({ length: SERVICES }, (_, index) => `S${index}`);
    const definition = (index: number) => ({
      addresses: [`172.16.16.${index + 1}`],
      makefile: ECHO_MAKEFILE,
      check: { interval: '1h' },
    });
    const services = Object.fromEntries(names.map((name, index) => [name, definition(index)]));
    await startEverywhere(nodes, { services });
    for (const name of names) await ownerAtRest(nodes, name);
    // What the start has flooded under other generations is deleted 11 s later: not before that is there nothing to do.
    await until(async () => (await announcementsIn(cluster.r1)) === nodes.length * (SERVICES + 1), {
      what: 'the LSDB holds one announcement of each replica and each daemon',
      timeoutMs: 120_000,
      intervalMs: 200,
    });
  });

  afterAll(() => cluster?.lab.destroy());

  it('uses less than 1 % of a core and less than 100 MB, whether it owns them or not', async () => {
    const before = nodes.map((node) => useOf(node));
    await sleep(WINDOW_SECONDS * 1000);
    const uses = nodes.map((node, index) => {
      const { cpuSeconds, residentMegabytes } = useOf(node);
      const percent = ((cpuSeconds - before[index]!.cpuSeconds) / WINDOW_SECONDS) * 100;
      return { node, percent, residentMegabytes };
    });
    for (const { node, percent, residentMegabytes } of uses) {
      const { services } = await node.srrd.status();
      const owned = services.filter(({ owner }) => owner === node.routerId).length;
      console.log(
        `${node.name} owns ${owned}: ${percent.toFixed(2)} % of a core in ${WINDOW_SECONDS} s, ${residentMegabytes.toFixed(0)} MB`,
      );
    }
    for (const { percent, residentMegabytes } of uses) {
      expect(percent).toBeLessThan(1);
      expect(residentMegabytes).toBeLessThan(100);
    }
  });
});

/** Opaque LSAs that are not just being deleted. */
async function announcementsIn(router: Host): Promise<number> {
  const text = await router.vtysh('show ip ospf database opaque-as');
  return [...text.matchAll(/LS age: (\d+)/g)].filter(([, age]) => Number(age) < 3600).length;
}

/** Of srrd alone: utime and stime of proc(5) do not hold those of children. */
function useOf(node: Host): Use {
  const stat = readFileSync(`/proc/${node.srrd.pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${node.srrd.pid}/status`, 'utf8'));
  return { cpuSeconds: ticks / TICKS_PER_SECOND, residentMegabytes: Number(resident?.[1]) / 1024 };
}
