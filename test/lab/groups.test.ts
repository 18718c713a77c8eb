import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  agreedOwner,
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
import { Journal, overlaps, type Use, uptimeSeconds, usesOf } from './journal.js';
import { cutPower, restorePower } from './power.js';
import {
  brokenOn,
  CHECK_INTERVAL_MS,
  configOf,
  definitions,
  FEED_ADDRESS,
  GROUP,
  nginxConfig,
  nginxOn,
  TAKEOVER_DELAY_MS,
  WEB_ADDRESS,
} from './shop.js';

// Of equal preferences the highest router ID is next, so c takes over from a and from b. c never fails in the tests with
// lost machines: one that has just come back keeps off resources for 6 s (docs/states-and-rules.md, Hold).

/**
 * The promise: available again within 5 s plus the check interval. What is not srrd's own has to fit in: the group starts
 * in half a second; the check gives up after 0.6 s without an answer, and is asked twice, with a `restart` in between.
 * A lost machine costs no check but, where there is a resource, `takeoverDelay`. With its default of 5 s the promise
 * would be kept by the check interval alone, which has nothing to do with it; so here it is what suits this group.
 */
const AVAILABLE_AGAIN_MS = 5_000 + CHECK_INTERVAL_MS;
const RUNS = 5;

describe('a group of a resource and two services on three nodes', () => {
  let cluster: Cluster;
  let nodes: readonly Host[];
  let probe: Probe;
  let journal: Journal;
  /** Plays the replicated disk. */
  let disk: string;

  beforeAll(async () => {
    cluster = await createCluster({ name: 'groups' });
    nodes = cluster.nodes;
    disk = join(cluster.lab.directory, 'disk');
    mkdirSync(join(disk, 'data'), { recursive: true });
    journal = new Journal(join(cluster.lab.directory, 'journal'));
    await startEverywhere(nodes, (node) => {
      writeFileSync(configOf(node), nginxConfig(node, disk));
      return { services: definitions(journal, node) };
    });
    const owner = await groupAtRest();
    probe = await cluster.client.probe(WEB_ADDRESS, { kind: 'http', hz: 20 });
    await probe.until(({ sender }) => sender === owner.name);
  });

  afterAll(() => cluster?.lab.destroy());

  it('moves as a whole when told to, stopped in reverse and started in order', async () => {
    const owner = await groupAtRest();
    for (const [from, to] of [
      [owner, others(owner)[0]],
      [others(owner)[0], owner],
    ] as const) {
      const begin = journal.length;
      const third = nodes.find((node) => node !== from && node !== to);
      await third!.srrctl('service', 'move', 'FEED', to!.name);
      await groupRuns(nodes, to!);
      expect(journal.since(begin)).toEqual(takeover(from!, to!));
      expect(nodesWithNginx()).toEqual([to!.name]);
      for (const address of [WEB_ADDRESS, FEED_ADDRESS]) expect(await holders(nodes, address)).toEqual([to!.name]);
    }
  });

  it('fails over as a whole when its node is cut off, which has stopped it before another node starts it', async () => {
    const [a, b, c] = nodes;
    for (const owner of [a!, b!]) {
      await moveTo(owner);
      const begin = journal.length;
      const cutAtSeconds = uptimeSeconds();
      const cutAt = await owner.cut();
      const { sender } = await probe.until((reply) => reply.sender !== owner.name, { since: cutAt });
      expect(sender).toBe(c!.name);
      await groupRuns(others(owner), c!);
      expect(journal.since(begin)).toEqual(takeover(owner, c!));
      const stopped = journal.entries().findLast(({ node, what }) => node === owner.name && what === 'stopped');
      console.log(
        `cut off: it has stopped after ${((stopped!.atSeconds - cutAtSeconds) * 1_000).toFixed(0)} ms, ` +
          `takeoverDelay is ${TAKEOVER_DELAY_MS} ms`,
      );
      expect(nodesWithNginx()).toEqual([c!.name]);

      const returning = journal.length;
      await owner.restore();
      await cluster.lab.converged();
      expect(await groupAtRest()).toBe(c);
      expect(journal.since(returning)).toEqual([]);
    }
  });

  it('stays where it is when the member that it can do without fails', async () => {
    const owner = await groupAtRest();
    const begin = journal.length;
    writeFileSync(brokenOn(owner), '');
    await until(() => journal.since(begin).includes(`${owner.name} FEED failed`), { what: 'FEED has failed' });
    expect((await replicaSeenBy(others(owner)[0]!, 'FEED', owner))?.failure?.code).toBe('restart-failed');
    expect(journal.since(begin)).toEqual(['stopping', 'stopped', 'failed'].map((what) => `${owner.name} FEED ${what}`));
    for (const service of ['DISK', 'WEB']) await agreedOwner(nodes, service, nodes, owner);

    rmSync(brokenOn(owner));
    await owner.srrctl('service', 'clear', 'FEED');
    expect(await groupAtRest()).toBe(owner);
  });

  describe('is available again, on one other node, with what was written before', () => {
    it('when the machine loses its power', async () => {
      const [a, b, c] = nodes;
      for (let run = 0; run < RUNS; run++) {
        const owner = run % 2 === 0 ? a! : b!;
        await moveTo(owner);
        const next = await survives(`power loss ${run + 1}`, owner, async () => {
          const at = await cutPower(owner);
          journal.notePowerLoss(owner);
          return at;
        });
        expect(next).toBe(c);
        for (const node of others(owner)) {
          const known = (await node.srrd.status()).nodes.find(({ routerId }) => routerId === owner.routerId);
          expect(known?.reachable ?? false).toBe(false);
        }
        await restorePower(owner);
        await owner.startSrrd();
        await cluster.lab.converged();
        expect(await groupAtRest()).toBe(next);
      }
    });

    it('when the service has ended and cannot be started again', async () => {
      for (let run = 0; run < RUNS; run++) {
        const owner = await groupAtRest();
        const next = await survives(`cannot restart ${run + 1}`, owner, async () => {
          renameSync(configOf(owner), `${configOf(owner)}.gone`);
          const at = process.hrtime.bigint();
          for (const pid of nginxOn(owner)) process.kill(pid, 'SIGKILL');
          return at;
        });
        expect((await replicaSeenBy(next, 'WEB', owner))?.failure?.code).toBe('restart-failed');
        renameSync(`${configOf(owner)}.gone`, configOf(owner));
        await owner.srrctl('service', 'clear', 'WEB');
        expect(await groupAtRest()).toBe(next);
      }
    });

    it('when the service runs but its port is blocked', async () => {
      for (let run = 0; run < RUNS; run++) {
        const owner = await groupAtRest();
        const next = await survives(`blocked ${run + 1}`, owner, async () => {
          const at = process.hrtime.bigint();
          await owner.exec(['nft', '-f', '-'], { input: BLOCK_THE_PORT });
          return at;
        });
        expect((await replicaSeenBy(next, 'WEB', owner))?.failure?.code).toBe('check-failed');
        await owner.exec(['nft', 'delete', 'table', 'inet', 'blocked']);
        await owner.srrctl('service', 'clear', 'WEB');
        expect(await groupAtRest()).toBe(next);
      }
    });
  });

  it('never ran on two nodes at once, and each owner had a higher claim than the one before', () => {
    const uses = usesOf(journal.entries());
    expect(overlaps(uses)).toEqual([]);
    const owners = ownersOf(uses);
    for (const [index, { lowest }] of owners.entries()) {
      expect(lowest).toBeGreaterThan(owners[index - 1]?.highest ?? 0);
    }
    // At least: the first, 2 moves, 2 cuts, and 5 of each failure.
    expect(owners.length).toBeGreaterThanOrEqual(1 + 2 + 2 + 3 * RUNS);
  });

  it('has crashed no daemon of FRR and no srrd', () => {
    for (const node of nodes) expect([node.frr.crashed, node.srrd.running]).toEqual([[], true]);
  });

  /** The group is at rest, whole, on this node. */
  async function groupAtRest(): Promise<Host> {
    const owner = await ownerAtRest(nodes, 'FEED');
    for (const service of GROUP) expect((await ownerAtRest(nodes, service)).name).toBe(owner.name);
    return owner;
  }

  /** All observers say so, which is sooner than at rest. */
  async function groupRuns(observers: readonly Host[], owner: Host): Promise<void> {
    for (const service of GROUP) await agreedOwner(observers, service, nodes, owner);
  }

  function others(owner: Host): Host[] {
    return nodes.filter((node) => node !== owner);
  }

  async function moveTo(to: Host): Promise<void> {
    if ((await groupAtRest()) !== to) await to.srrctl('service', 'move', 'DISK', to.name);
    await groupRuns(nodes, to);
    await probe.until(({ sender }) => sender === to.name);
  }

  /** Writes a file through the service, strikes its owner, waits for the next one, and reads the file from there. */
  async function survives(title: string, owner: Host, strike: () => Promise<bigint>): Promise<Host> {
    const path = `/data/${title.replaceAll(' ', '-')}`;
    const text = `${title}, written by ${owner.name}`;
    await cluster.client.exec([...CURL, '--upload-file', '-', `http://${WEB_ADDRESS}${path}`], { input: text });
    const struckAt = await strike();
    const { sender, receivedAt } = await probe.until((reply) => reply.sender !== owner.name, { since: struckAt });
    const availableMs = Number(receivedAt! - struckAt) / 1e6;
    console.log(`${title}: ${sender} serves after ${availableMs.toFixed(0)} ms instead of ${owner.name}`);
    // Twice as much: this machine may do much else.
    expect(availableMs).toBeLessThan(2 * AVAILABLE_AGAIN_MS);
    const next = others(owner).find((node) => node.name === sender)!;
    await groupRuns(others(owner), next);
    const { stdout } = await cluster.client.exec([...CURL, `http://${WEB_ADDRESS}${path}`]);
    expect(stdout).toBe(text);
    expect(nodesWithNginx()).toEqual([next.name]);
    return next;
  }

  function nodesWithNginx(): string[] {
    return nodes.filter((node) => nginxOn(node).length > 0).map(({ name }) => name);
  }
});

const CURL = ['curl', '--silent', '--show-error', '--fail', '--max-time', '10'];

/** No answer at all, as behind a firewall; a closed port would answer with a reset. */
const BLOCK_THE_PORT = `
table inet blocked {
  chain input {
    type filter hook input priority 0;
    ip daddr ${WEB_ADDRESS} tcp dport 80 drop
  }
}
`;

/** Stopped in reverse order here, then started in order there. */
function takeover(from: Host, to: Host): string[] {
  const stops = [...GROUP].reverse().flatMap((service) => [`${service} stopping`, `${service} stopped`]);
  const starts = GROUP.flatMap((service) => [`${service} starting`, `${service} started`]);
  return [...stops.map((each) => `${from.name} ${each}`), ...starts.map((each) => `${to.name} ${each}`)];
}

/** The claims under which the primitives of one owner were called after the other. */
function ownersOf(uses: readonly Use[]): { readonly lowest: number; readonly highest: number }[] {
  const owners: Use[][] = [];
  for (const use of uses) {
    if (use.service === 'DISK') owners.push([]);
    owners.at(-1)?.push(use);
  }
  return owners
    .map((theirs) => theirs.map(({ claim }) => claim))
    .map((claims) => ({
      lowest: Math.min(...claims),
      highest: Math.max(...claims),
    }));
}
