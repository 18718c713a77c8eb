import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster, ECHO_MAKEFILE, type Host, ownerAtRest, startEverywhere, until } from './index.js';

const SERVICE = 'ECHO';
const ADDRESS = '172.16.15.1';

/** As `srrctl events --json` prints it; the product's promise to tools. */
interface ClusterEvent {
  readonly seq: number;
  readonly at: string;
  readonly node: string;
  readonly kind: string;
  readonly service: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly operator: string | null;
  readonly text: string;
}

describe('the list of events on three nodes', () => {
  let cluster: Cluster;
  let nodes: readonly Host[];

  beforeAll(async () => {
    cluster = await createCluster({ name: 'ev' });
    nodes = cluster.nodes;
    for (const node of nodes) node.answerAt(ADDRESS);
    await startEverywhere(nodes, { services: { [SERVICE]: { addresses: [ADDRESS], makefile: ECHO_MAKEFILE } } });
    await ownerAtRest(nodes, SERVICE);
  });

  afterAll(() => cluster?.lab.destroy());

  it('tells on every node in order how a service was moved, and by whom', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const [target, third] = others(owner) as [Host, Host];
    const before = await latest();
    await third.srrctl('service', 'move', SERVICE, target.name);
    expect(await ownerAtRest(nodes, SERVICE)).toBe(target);
    for (const node of nodes) {
      await story(node, before, [
        `command ${target.name} move by local`,
        `state ${target.name} active/stopped -> active/starting`,
        `state ${target.name} active/starting -> active/started`,
      ]);
      await story(node, before, [
        `state ${target.name} active/stopped -> active/starting`,
        `state ${owner.name} active/started -> active/stopping`,
        `state ${owner.name} active/stopping -> active/stopped`,
      ]);
    }
    const [command] = (await eventsOf(third, before)).filter(({ kind }) => kind === 'command');
    expect(command).toMatchObject({ operator: 'local', service: SERVICE, node: target.routerId });
  });

  it('tells how the owner was cut off, on its own side and on the other, and how it came back', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const before = await latest();
    await owner.cut();
    const next = await ownerAtRest(others(owner), SERVICE);
    for (const node of others(owner)) {
      await story(node, before, [
        `member ${owner.name} the node is unreachable`,
        `state ${next.name} active/stopped -> active/starting`,
        `state ${next.name} active/starting -> active/started`,
      ]);
    }
    await story(owner, before, [
      `node ${owner.name} member -> isolated`,
      `state ${owner.name} active/started -> active/stopping: this node is isolated`,
      `state ${owner.name} active/stopping -> active/stopped`,
    ]);
    await owner.restore();
    await cluster.lab.converged();
    await ownerAtRest(nodes, SERVICE);
    for (const node of others(owner)) {
      const gone = `member ${owner.name} the node is unreachable`;
      await story(node, before, [gone, `member ${owner.name} the node is reachable`]);
      // Its LSAs may come before SPF has said that it is reachable, and those of an earlier generation before the last.
      await story(node, before, [gone, new RegExp(`^state ${owner.name} active/(started|stopping) -> active/stopped`)]);
    }
  });

  it('tells who changed a definition', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const [node] = others(owner) as [Host];
    const before = await latest();
    const file = join(node.directory, 'definition.yaml');
    writeFileSync(
      file,
      `# Edited by the test.\nname: ${SERVICE}\naddresses: [${ADDRESS}]\nmakefile: ${ECHO_MAKEFILE}\npreference: 90\n`,
    );
    await expect(node.srrctl('definition', 'set', file)).rejects.toThrow('deactivate it first');
    await node.srrctl('service', 'deactivate', SERVICE);
    await story(node, before, [`state ${node.name} deactivated/stopped -> inactive/stopped`]);
    await node.srrctl('definition', 'set', file);
    await story(node, before, [
      `command ${node.name} deactivate by local`,
      `configuration ${node.name} its definition has changed`,
    ]);
    const changes = (await eventsOf(node, before)).filter(({ kind }) => kind === 'configuration');
    expect(changes.map(({ operator }) => operator)).toEqual(['local']);
    await node.srrctl('service', 'activate', SERVICE);
    await ownerAtRest(nodes, SERVICE);
  });

  it('survives a restart of the daemon, and a daemon that is killed', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const [node] = others(owner) as [Host];
    for (const end of ['SIGTERM', 'SIGKILL'] as const) {
      const kept = await eventsOf(node, new Map());
      const beforeOnOwner = await latest();
      node.srrd.signal(end);
      await node.srrd.ended;
      await node.startSrrd();
      await ownerAtRest(nodes, SERVICE);
      const now = await eventsOf(node, new Map());
      expect(now.slice(0, kept.length)).toEqual(kept);
      expect(now.map(({ seq }) => seq)).toEqual(now.map((_, index) => index + 1));
      await story(node, new Map([[node, kept.length]]), [
        `node ${node.name} srrd`,
        `node ${node.name} joining -> member`,
      ]);
      await story(owner, beforeOnOwner, [
        `member ${node.name} its daemon has gone`,
        `member ${node.name} its daemon is there`,
      ]);
    }
  });

  function others(host: Host): Host[] {
    return nodes.filter((node) => node !== host);
  }

  /** The number of the newest event on each node. */
  async function latest(): Promise<Map<Host, number>> {
    const entries = nodes.map(async (node) => [node, (await eventsOf(node, new Map())).at(-1)?.seq ?? 0] as const);
    return new Map(await Promise.all(entries));
  }

  /** Waits until these have happened in this order, as the node tells it; a text is the beginning of `KIND NODE TEXT`. */
  async function story(
    node: Host,
    since: ReadonlyMap<Host, number>,
    wanted: readonly (string | RegExp)[],
  ): Promise<void> {
    await until(
      async () => {
        const told = (await eventsOf(node, since)).map(inWords);
        let at = 0;
        for (const line of told) {
          const next = wanted[at];
          if (next !== undefined && (typeof next === 'string' ? line.startsWith(next) : next.test(line))) at += 1;
        }
        if (at < wanted.length) throw new Error(`"${wanted[at]}" is missing:\n${told.join('\n')}`);
        return told;
      },
      { what: `${node.name} tells of "${wanted.at(-1)}"`, timeoutMs: 120_000 },
    );
  }

  function inWords({ kind, node, text }: ClusterEvent): string {
    return `${kind} ${nodes.find(({ routerId }) => routerId === node)?.name ?? node} ${text}`;
  }
});

/** Oldest first. */
async function eventsOf(node: Host, since: ReadonlyMap<Host, number>): Promise<ClusterEvent[]> {
  const { stdout } = await node.srrctl('events', '--json', '-n', '10000');
  const events = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ClusterEvent);
  return events.filter(({ seq }) => seq > (since.get(node) ?? 0));
}
