import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askApi as ask } from './api.js';
import { createLab, ECHO_MAKEFILE, type FrrChoice, type Host, type Lab, until } from './index.js';

const ADDRESS = '172.16.15.1';

interface Lsa {
  readonly id: string;
  readonly type: number;
  readonly linkStateId: string;
  readonly advertisingRouter: string;
  readonly age: number;
  readonly sequence: string;
  readonly checksum: string;
  readonly words: string;
}

describe.each<[FrrChoice, 'unix' | 'tcp']>([
  ['installed', 'unix'],
  ['10', 'tcp'],
])('the looking glass on FRR %s, its VTY over %s', (frr, vty) => {
  let lab: Lab;
  let a: Host;
  let b: Host;

  beforeAll(async () => {
    lab = await createLab({ name: `glass${frr === '10' ? 10 : 8}`, frr });
    const wire = lab.subnet('wire', '10.1.1.0/24');
    a = await lab.node('a', { subnets: [wire] });
    b = await lab.node('b', { subnets: [wire] });
    await lab.converged();
    const endpoint = { password: 'zebra', enablePassword: 'zebra' };
    const config = vty === 'tcp' ? { vty: { zebra: endpoint, ospfd: endpoint } } : {};
    const services = { WEB: { addresses: [ADDRESS], makefile: ECHO_MAKEFILE } };
    await Promise.all([a.startSrrd({ config, services }), b.startSrrd({ services })]);
    // It answers before ospfd has told it everything.
    await until(async () => (await lsdb()).filter(({ type }) => type === 1).length === 2, {
      what: 'a knows both routers',
    });
  });

  afterAll(() => lab?.destroy());

  async function lsdb(): Promise<Lsa[]> {
    const { body } = await ask<{ lsas: Lsa[] }>(a, 'GET', '/lsdb');
    return body.lsas;
  }

  it('decodes every byte of each of them', async () => {
    for (const { id } of await lsdb()) {
      const { status, body } = await ask<{ raw: string; fields: Field[] }>(a, 'GET', `/lsdb/${encodeURIComponent(id)}`);
      // It may have been withdrawn meanwhile.
      if (status === 404) continue;
      const all = leaves(body.fields);
      expect(all.reduce((end, { offset, length }) => (offset === end ? end + length : -1), 0)).toBe(
        body.raw.length / 2,
      );
      expect(all.filter(({ name }) => name === 'not understood' || name === 'cut off')).toEqual([]);
    }
  });

  it('ages as ospfd does', async () => {
    const ages = new Map((await a.vtysh('show ip ospf database')).split('\n').flatMap(ageIn));
    const ours = (await lsdb()).filter(({ type }) => type <= 2);
    expect(ours.length).toBeGreaterThan(1);
    for (const lsa of ours) {
      const theirs = ages.get(`${lsa.linkStateId} ${lsa.advertisingRouter} ${lsa.sequence}`);
      if (theirs !== undefined) expect(Math.abs(lsa.age - theirs)).toBeLessThanOrEqual(2);
    }
  });

  it('shows the way to the service in the topology', async () => {
    const found = await until(
      async () => {
        const { body } = await ask<Topology>(a, 'GET', '/topology');
        const [address] = body.addresses;
        if (address?.startedAt.length !== 1 || address.route?.prefix !== `${ADDRESS}/32`) throw new Error('not yet');
        return { body, address };
      },
      { what: 'the service is in the topology', timeoutMs: 120_000, intervalMs: 100 },
    );
    const { body, address } = found;
    expect(body.routers.map(({ id, name }) => [id, name])).toEqual([
      [a.routerId, 'a'],
      [b.routerId, 'b'],
    ]);
    const owner = address.startedAt[0];
    expect(address.announcedBy.map(({ router }) => router)).toEqual([owner]);
    expect([address.route?.path[0], address.route?.path.at(-1)]).toEqual([a.routerId, owner]);
  });

  it('gives commands to zebra and ospfd, and refuses what is not confirmed', async () => {
    const neighbours = await ask<Commands>(a, 'POST', '/routers/ospfd/commands', { command: 'show ip ospf neighbor' });
    expect([neighbours.status, neighbours.body.refused]).toEqual([200, false]);
    expect(neighbours.body.output).toContain(b.routerId);
    const route = await ask<Commands>(a, 'POST', '/routers/zebra/commands', { command: 'show ip route ospf' });
    expect(route.body.output).toContain('O');
    const unknown = await ask<Commands>(a, 'POST', '/routers/ospfd/commands', { command: 'show nonsense' });
    expect([unknown.status, unknown.body.refused]).toEqual([200, true]);

    const commands = ['configure terminal', 'router ospf', 'max-metric router-lsa administrative', 'end'];
    expect((await ask(a, 'POST', '/routers/ospfd/commands', { commands })).status).toBe(409);
    expect(await a.vtysh(['enable', 'show running-config'])).not.toContain('max-metric');
    const done = await ask<Commands>(a, 'POST', '/routers/ospfd/commands', { commands, confirm: true });
    expect([done.status, done.body]).toEqual([200, expect.objectContaining({ refused: false })]);
    expect(await a.vtysh(['enable', 'show running-config'])).toContain('max-metric router-lsa administrative');
    const back = commands.map((line) => (line.startsWith('max-metric') ? `no ${line}` : line));
    await ask(a, 'POST', '/routers/ospfd/commands', { commands: back, confirm: true });
    expect(await a.vtysh(['enable', 'show running-config'])).not.toContain('max-metric');

    const mgmtd = await ask<Commands>(a, 'POST', '/routers/mgmtd/commands', { command: 'show version' });
    expect(mgmtd.status).toBe(a.frr.major >= 10 ? 200 : 503);
  });

  it('completes commands, with explanations where the daemon gives some', async () => {
    const complete = (line: string, more: object = {}) =>
      ask<{ completions: { word: string; help: string }[] }>(a, 'POST', '/routers/ospfd/completions', {
        line,
        ...more,
      });
    const { body } = await complete('show ip ospf ');
    const neighbour = body.completions.find(({ word }) => word === 'neighbor');
    expect(neighbour).toMatchObject({ help: vty === 'tcp' ? 'Neighbor list' : '' });
    const begun = (await complete('show ip ospf nei')).body.completions.map(({ word }) => word);
    expect(begun).toEqual(['neighbor']);
    expect((await complete('nonsense ')).body.completions).toEqual([]);
    const configuring = (await complete('rou', { configuring: true })).body.completions.map(({ word }) => word);
    expect(configuring).toEqual(expect.arrayContaining(['router', 'route-map']));
  });

  it('refuses what zebra would write for seconds, and everything else goes on', async () => {
    const { status, body } = await ask<Commands & { readonly error: string }>(a, 'POST', '/routers/zebra/commands', {
      command: 'list permutations',
    });
    expect([status, body.error]).toEqual([400, expect.stringContaining('`permutations` keeps the routing daemon')]);
    expect((await ask<Commands>(a, 'POST', '/routers/zebra/commands', { command: 'show version' })).body.refused).toBe(
      false,
    );
  });
});

interface Field {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  readonly parts: readonly Field[];
}

interface Commands {
  readonly output: string;
  readonly refused: boolean;
}

interface Topology {
  readonly routers: readonly { readonly id: string; readonly name: string | null }[];
  readonly addresses: readonly {
    readonly startedAt: readonly string[];
    readonly announcedBy: readonly { readonly router: string }[];
    readonly route: { readonly prefix: string; readonly path: readonly string[] } | null;
  }[];
}

function ageIn(line: string): [string, number][] {
  const row = /^(\S+)\s+(\S+)\s+(\d+)\s+(0x[0-9a-f]{8})/.exec(line);
  return row === null ? [] : [[`${row[1]} ${row[2]} ${row[4]}`, Number(row[3])]];
}

function leaves(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => (field.parts.length === 0 ? [field] : leaves(field.parts)));
}
