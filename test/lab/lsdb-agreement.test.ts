import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askApi } from './api.js';
import { createLab, ECHO_MAKEFILE, type Host, type Lab, ownerAtRest, type Subnet, until } from './index.js';
import { type DatabaseEntry, ospfDatabase } from './ospf-database.js';

const SERVICE = 'WEB';

/** How long a busy machine may take for what takes a second. */
const SOON = { timeoutMs: 120_000, intervalMs: 200 };

/** ospfd keeps an LSA that was flushed, with MaxAge, for a minute or so. */
const PURGED_WITHIN_MS = 240_000;

const MAX_AGE = 3_600;

describe('the LSDB that srrd shows', () => {
  let lab: Lab;
  let wire: Subnet;
  let a: Host;
  let b: Host;
  let c: Host;
  let nodes: readonly Host[];

  beforeAll(async () => {
    lab = await createLab({ name: 'agree' });
    wire = lab.subnet('wire', '10.1.1.0/24');
    const subnets = [wire, lab.subnet('back', '10.1.2.0/24')];
    a = await lab.node('a', { subnets });
    b = await lab.node('b', { subnets });
    c = await lab.node('c', { subnets, frr: '10' });
    nodes = [a, b, c];
    await lab.converged();
    const services = { [SERVICE]: { addresses: ['172.16.15.1'], makefile: ECHO_MAKEFILE } };
    await Promise.all(nodes.map((node) => node.startSrrd({ services })));
    await ownerAtRest(nodes, SERVICE);
  }, 400_000);

  afterAll(() => lab?.destroy());

  it("is that of the node's own ospfd after the start", async () => {
    await haveTypes(nodes, [1, 2, 11]);
    await agreement(nodes);
  });

  it('follows a link that goes down and comes back', async () => {
    const before = instancesOf(await agreement(nodes), 1, b);
    await b.link(wire).cut('unplugged');
    await until(async () => !instancesOf(await liveLsas(nodes), 1, b).includes(before[0] ?? ''), {
      ...SOON,
      what: 'b has originated a Router LSA without the link',
    });
    await agreement(nodes);
    await b.link(wire).restore();
    await lab.converged();
    await agreement(nodes);
  });

  it('has summaries and external LSAs', async () => {
    await b.exec(['ip', 'link', 'add', 'far', 'type', 'bridge']);
    await b.exec(['ip', 'address', 'add', '192.168.7.1/24', 'dev', 'far']);
    await b.exec(['ip', 'link', 'set', 'far', 'up']);
    await b.exec(['ip', 'route', 'add', 'blackhole', '203.0.113.0/24']);
    await configure(b, ['redistribute kernel', 'network 192.168.7.0/24 area 7']);
    await haveTypes(nodes, [1, 2, 3, 5, 11]);
    await agreement(nodes);
  });

  it('follows a service that moves from node to node', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    for (const target of [...nodes.filter((node) => node !== owner), owner]) {
      await a.srrctl('service', 'move', SERVICE, target.name);
      expect(await ownerAtRest(nodes, SERVICE)).toBe(target);
      await agreement(nodes);
    }
  });

  it('has no LSA of a daemon that was killed, nor of an ospfd that was ended', async () => {
    await c.srrd.kill('SIGKILL');
    await until(async () => instancesOf(await liveLsas([a, b]), 11, c).length === 0, {
      ...SOON,
      what: "the ospfds of a and b have heard that c's announcements are flushed",
    });
    await agreement([a, b]);
    await c.frr.kill('ospfd', 'SIGTERM');
    await lab.converged();
    await agreement([a, b]);
    await c.frr.start('ospfd');
    await lab.converged();
    await c.startSrrd();
    await ownerAtRest(nodes, SERVICE);
    await agreement(nodes);
  });

  it('has no ghosts after srrd was restarted', async () => {
    for (const node of [a, c]) {
      await node.srrd.kill('SIGKILL');
      await node.startSrrd();
      await ownerAtRest(nodes, SERVICE);
      await agreement(nodes);
    }
  });

  it('has no ghosts after ospfd was restarted under srrd', async () => {
    for (const node of [a, c]) {
      await node.frr.kill('ospfd');
      await node.frr.start('ospfd');
      await lab.converged();
      await ownerAtRest(nodes, SERVICE);
      await agreement(nodes);
    }
  });

  it('is the same to the last LSA once ospfd has purged what was flushed', async () => {
    await agreement(nodes, { purged: true });
    for (const node of nodes) expect(node.frr.crashed).toEqual([]);
  }, 300_000);
});

interface ShownLsa {
  /** `TYPE_SCOPE_LINK-STATE-ID_ADVERTISING-ROUTER`. */
  readonly id: string;
  readonly sequence: string;
  readonly checksum: string;
}

/**
 * Waits until what srrd of each of these nodes shows is what its own ospfd has, down to sequence number and checksum, and
 * returns the LSAs of them all. With MaxAge ospfd alone has an LSA of another router, and srrd may still show one of the
 * node's own (docs/ospf-api.md). `purged`: wait until there are none of either.
 */
async function agreement(nodes: readonly Host[], { purged = false } = {}): Promise<DatabaseEntry[]> {
  const each = nodes.map((node) =>
    until(
      async () => {
        const held = await ospfDatabase(node);
        const { body } = await askApi<{ lsas: ShownLsa[] }>(node, 'GET', '/lsdb');
        const shown = new Set(body.lsas.map(({ id, sequence, checksum }) => `${id} ${sequence} ${checksum}`));
        const isLive = ({ age }: DatabaseEntry) => age < MAX_AGE;
        const isOwn = ({ advertisingRouter }: DatabaseEntry) => advertisingRouter === node.routerId;
        const wanted = held.filter((lsa) => purged || isLive(lsa)).map(instanceOf);
        const allowed = new Set(held.filter((lsa) => isLive(lsa) || isOwn(lsa)).map(instanceOf));
        const missing = wanted.filter((lsa) => !shown.has(lsa));
        const ghosts = [...shown].filter((lsa) => !allowed.has(lsa));
        if (missing.length + ghosts.length > 0) {
          throw new Error(`it misses ${list(missing)}; only it has ${list(ghosts)}`);
        }
        return held;
      },
      {
        ...SOON,
        ...(purged ? { timeoutMs: PURGED_WITHIN_MS } : {}),
        what: `srrd of ${node.name} shows what its ospfd has`,
      },
    ),
  );
  return (await Promise.all(each)).flat();
}

function list(instances: readonly string[]): string {
  return instances.length === 0 ? 'nothing' : instances.join(', ');
}

function instanceOf({ type, area, linkStateId, advertisingRouter, sequence, checksum }: DatabaseEntry): string {
  return `${type}_${area ?? 'as'}_${linkStateId}_${advertisingRouter} ${sequence} ${checksum}`;
}

/** The LSAs of all these nodes' ospfds that are not being flushed. */
async function liveLsas(nodes: readonly Host[]): Promise<DatabaseEntry[]> {
  const all = (await Promise.all(nodes.map(ospfDatabase))).flat();
  return all.filter(({ age }) => age < MAX_AGE);
}

function typesOf(entries: readonly DatabaseEntry[]): number[] {
  return [...new Set(entries.map(({ type }) => type))].sort((x, y) => x - y);
}

/** The instances of one type that this router has originated. */
function instancesOf(entries: readonly DatabaseEntry[], type: number, router: Host): string[] {
  return entries.filter((lsa) => lsa.type === type && lsa.advertisingRouter === router.routerId).map(instanceOf);
}

/** Waits until each of the nodes' ospfds has LSAs of exactly these types, beside those that are being flushed. */
async function haveTypes(nodes: readonly Host[], types: readonly number[]): Promise<void> {
  for (const node of nodes) {
    await until(
      async () => {
        const found = typesOf(await liveLsas([node]));
        if (found.join() !== types.join()) throw new Error(`it has ${found}`);
        return true;
      },
      { ...SOON, what: `ospfd of ${node.name} has LSAs of types ${types}` },
    );
  }
}

async function configure(host: Host, lines: readonly string[]): Promise<void> {
  await host.vtysh(['configure terminal', 'router ospf', ...lines]);
}
