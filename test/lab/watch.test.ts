import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cluster,
  createCluster,
  type Host,
  outageMs,
  ownerAtRest,
  type Probe,
  replicaSeenBy,
  startEverywhere,
  until,
} from './index.js';
import { processesInNamespaces } from './processes.js';

const SERVICE = 'WEB';
const ADDRESS = '172.16.15.128';

describe('a web server that is watched, and checked once a minute', () => {
  let cluster: Cluster;
  let nodes: readonly Host[];
  let probe: Probe;

  beforeAll(async () => {
    cluster = await createCluster({ name: 'watch' });
    nodes = cluster.nodes;
    const web = { addresses: [ADDRESS], makefile: 'nginx/Makefile', check: { interval: '1m' } };
    await startEverywhere(nodes, { services: { [SERVICE]: web } });
    const owner = await ownerAtRest(nodes, SERVICE);
    probe = await cluster.client.probe(ADDRESS, { kind: 'http', hz: 200, sender: 'served by <b>([^<]+)</b>' });
    await probe.until(({ sender }) => sender === owner.name);
  });

  afterAll(() => cluster?.lab.destroy());

  it('is restarted within milliseconds of its death, and given to the next node when it dies again', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    await until(() => watches(owner).length > 0, { what: 'it is watched' });
    const before = watches(owner);
    const first = await kill(owner);
    // Only then is the restart over; who is killed in the midst of it has failed to restart. A check belongs to it.
    await until(() => watches(owner).some((pid) => !before.includes(pid)), { what: 'it is watched again' });
    await until(async () => ((await replicaSeenBy(owner, SERVICE, owner))?.checkStamp ?? 0) > 0, {
      what: 'it is checked',
    });
    const restartedAt = process.hrtime.bigint();
    await probe.until(({ sender, sentAt }) => sender === owner.name && sentAt > restartedAt);
    expect((await replicaSeenBy(owner, SERVICE, owner))?.state).toBe('started');

    const second = await kill(owner);
    const { sender } = await probe.until((reply) => reply.sender !== owner.name && reply.sentAt > second.at);
    expect((await replicaSeenBy(owner, SERVICE, owner))?.failure?.code).toBe('watch-ended');
    const outages = [outageMs(probe.replies(), first.at, owner.name), outageMs(probe.replies(), second.at, sender!)];
    console.log(
      `nginx killed: noticed after ${first.noticedMs} and ${second.noticedMs} ms; ` +
        `served again after ${outages.map((ms) => ms.toFixed(0)).join(' (restart) and ')} ms (next node)`,
    );
    // Noticed by the watch, 20 ms between two looks: the next check would be a minute later.
    expect(Math.max(first.noticedMs, second.noticedMs)).toBeLessThan(10_000);
    await owner.srrctl('service', 'clear', SERVICE);
    await ownerAtRest(nodes, SERVICE);
  });

  it('is moved without its watch taking the stop for a death', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const target = nodes.find((node) => node !== owner)!;
    const before = [owner, target].map((node) => noticed(node).length);
    await target.srrctl('service', 'move', SERVICE, target.name);
    await probe.until(({ sender }) => sender === target.name);
    expect((await ownerAtRest(nodes, SERVICE)).name).toBe(target.name);
    await target.srrctl('service', 'restart', SERVICE);
    await until(() => watches(target).length > 0, { what: 'it is watched after the restart' });
    expect(watches(owner)).toEqual([]);
    expect([owner, target].map((node) => noticed(node).length)).toEqual(before);
    expect((await ownerAtRest(nodes, SERVICE)).name).toBe(target.name);
  });

  it('is watched no longer when srrd is killed, and by the next owner then', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    await until(() => watches(owner).length === 1, { what: 'it is watched' });
    const before = nodes.map((node) => noticed(node).length);
    await owner.srrd.kill('SIGKILL');
    await owner.startSrrd();
    await until(() => watches(owner).length === 0, { what: 'the old watch is gone' });
    const next = await ownerAtRest(nodes, SERVICE);
    await until(() => watches(next).length === 1, { what: 'the next owner watches it' });
    expect(nodes.map((node) => noticed(node).length)).toEqual(before);
  });

  /** Kills nginx on that node, and waits until its srrd has said so. */
  async function kill(node: Host): Promise<{ at: bigint; noticedMs: number }> {
    const before = noticed(node).length;
    const at = process.hrtime.bigint();
    const atMs = Date.now();
    for (const pid of processes(node, 'nginx:')) process.kill(pid, 'SIGKILL');
    await until(() => noticed(node).length > before, { what: `${node.name} has noticed`, intervalMs: 5 });
    const { time, msg } = noticed(node).at(-1)!;
    expect(msg).toMatch(/^watch ended: nginx, PID \d+, has ended$/);
    return { at, noticedMs: time - atMs };
  }
});

function noticed(node: Host) {
  return node.srrd.log().filter(({ msg }) => msg.startsWith('watch ended'));
}

/** The makes that watch there. */
function watches(node: Host): number[] {
  return processesInNamespaces([node.namespace]).filter((pid) => /^make .* watch $/.test(commandLine(pid)));
}

function processes(node: Host, what: string): number[] {
  return processesInNamespaces([node.namespace]).filter((pid) => commandLine(pid).startsWith(what));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
