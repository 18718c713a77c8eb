import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cluster,
  createCluster,
  type Host,
  holders,
  ownerAtRest,
  type Probe,
  replicaSeenBy,
  startEverywhere,
  until,
} from './index.js';
import { processesInNamespaces } from './processes.js';

const SERVICE = 'WEB';
const ADDRESS = '172.16.15.128';
/** The kernel's lease on the alias, in seconds. */
const LEASE_SECONDS = 3;

describe('a web server on three nodes whose srrd can die', () => {
  let cluster: Cluster;
  let nodes: readonly Host[];
  let probe: Probe;

  beforeAll(async () => {
    cluster = await createCluster({ name: 'death' });
    nodes = cluster.nodes;
    await startEverywhere(nodes, { services: { [SERVICE]: { addresses: [ADDRESS], makefile: 'nginx/Makefile' } } });
    const owner = await ownerAtRest(nodes, SERVICE);
    probe = await cluster.client.probe(ADDRESS, { kind: 'http', sender: 'served by <b>([^<]+)</b>' });
    await probe.until(({ sender }) => sender === owner.name);
  });

  afterAll(() => cluster?.lab.destroy());

  it('moves when srrd of its owner is killed; a new srrd there stops what was left running, and rejoins', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const survivors = nodes.filter((node) => node !== owner);
    const killedMs = performance.now();
    await owner.srrd.kill('SIGKILL');
    // Nobody renews it any more: the kernel itself takes the address away, however busy the machine is.
    expect(await leaseSeconds(owner)).toBeLessThanOrEqual(LEASE_SECONDS);
    const killedAt = process.hrtime.bigint();
    const { sender } = await probe.until((reply) => reply.sender !== owner.name, { since: killedAt });
    const next = await ownerAtRest(survivors, SERVICE);
    expect(sender).toBe(next.name);

    await until(async () => !(await owner.holds(ADDRESS)), {
      what: `${ADDRESS} is gone from ${owner.name}`,
      intervalMs: 20,
    });
    expect(await holders(nodes, ADDRESS)).toEqual([next.name]);
    console.log(`the address was gone ${(performance.now() - killedMs).toFixed(0)} ms after srrd was killed`);

    // Nobody has stopped the web server, but nobody comes to it any more.
    const left = nginxOn(owner);
    expect(left.length).toBeGreaterThan(0);
    await owner.startSrrd();
    await until(() => nginxOn(owner).length === 0, { what: 'what was left running is stopped' });
    expect((await ownerAtRest(nodes, SERVICE)).name).toBe(next.name);
    expect(await holders(nodes, ADDRESS)).toEqual([next.name]);
    expect(nginxOn(next)).not.toEqual([]);
  });

  it('moves within seconds when srrd of its owner is frozen, and the thawed srrd takes nothing back', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const frozenAt = process.hrtime.bigint();
    owner.srrd.freeze();
    const moved = probe.until((reply) => reply.sender !== owner.name, { since: frozenAt });
    const first = await moved.finally(() => owner.srrd.thaw());
    const movedAt = first.receivedAt!;
    console.log(`${first.sender} served ${(Number(movedAt - frozenAt) / 1e6).toFixed(0)} ms after the freeze`);
    // The lease, and the second for which a lost route is waited for. A silent node is given up after 14 s.
    expect(Number(movedAt - frozenAt) / 1e6).toBeLessThan(12_000);

    await until(() => owner.srrd.log().some(({ msg }) => msg.includes('too late')), {
      what: 'the thawed srrd has noticed that its leases have ended',
    });
    const next = await ownerAtRest(nodes, SERVICE);
    expect(next.name).toBe(first.sender);
    expect(await holders(nodes, ADDRESS)).toEqual([next.name]);
    expect(probe.replies().filter(({ sender, sentAt }) => sender === owner.name && sentAt > movedAt)).toEqual([]);
    expect((await replicaSeenBy(owner, SERVICE, owner))?.state).toBe('stopped');
    expect(nginxOn(owner)).toEqual([]);
  });

  it('is stopped and withdrawn by SIGTERM, and the others go on without that node', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const survivors = nodes.filter((node) => node !== owner);
    const { exitCode } = await owner.srrd.stop();
    expect(exitCode).toBe(0);
    expect(nginxOn(owner)).toEqual([]);
    expect(await owner.holds(ADDRESS)).toBe(false);
    const next = await ownerAtRest(survivors, SERVICE);
    await probe.until(({ sender }) => sender === next.name);
    for (const node of survivors) {
      await until(async () => (await replicaSeenBy(node, SERVICE, owner)) === undefined, {
        what: `${node.name} knows no replica of ${owner.name} any more`,
      });
    }
  });
});

/** For how long the kernel will still have the address; 0: it is gone. */
async function leaseSeconds(node: Host): Promise<number> {
  const { stdout } = await node.exec(['ip', '-json', '-4', 'address', 'show']);
  const interfaces: { addr_info: { local: string; valid_life_time: number }[] }[] = JSON.parse(stdout);
  const alias = interfaces.flatMap(({ addr_info }) => addr_info).find(({ local }) => local === ADDRESS);
  return alias?.valid_life_time ?? 0;
}

function nginxOn(node: Host): number[] {
  return processesInNamespaces([node.namespace]).filter((pid) => commandLine(pid).includes('nginx:'));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
