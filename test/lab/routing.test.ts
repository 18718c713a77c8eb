import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLab, type FrrChoice, type Host, type Lab, until } from './index.js';
import { type AgentOptions, RoutingAgent } from './routing-agent.js';

const ADDRESS = '172.16.15.1';
const SECOND = '172.16.15.2';
const AREA = '0.0.0.7';

describe.each<[FrrChoice, 'unix' | 'tcp']>([
  ['installed', 'unix'],
  ['installed', 'tcp'],
  ['10', 'unix'],
  ['10', 'tcp'],
])('aliases on a node with FRR %s, its VTY over %s', (frr, vty) => {
  let lab: Lab;
  let node: Host;
  let client: Host;
  let agent: RoutingAgent;

  beforeAll(async () => {
    lab = await createLab({ name: `rt${frr === '10' ? 10 : 8}${vty}`, frr, area: AREA });
    const wire = lab.subnet('wire', '10.1.1.0/24', { pointToPoint: true });
    node = await lab.node('node', { subnets: [wire] });
    client = await lab.client('client', { subnet: wire });
    await lab.converged();
  });

  afterEach(async () => {
    await agent.call('down', 'WEB');
    await agent.call('down', 'MAIL');
    await agent.end();
    await routed(ADDRESS, false);
  });

  afterAll(() => lab?.destroy());

  function begin(options: AgentOptions = {}): RoutingAgent {
    agent = new RoutingAgent(node, { vty, ...options });
    return agent;
  }

  async function routed(address: string, wanted: boolean, timeoutMs = 30_000): Promise<number> {
    const begun = performance.now();
    await until(async () => (await client.hasRoute(`${address}/32`)) === wanted, {
      what: `the client ${wanted ? 'has' : 'has no'} route to ${address}`,
      timeoutMs,
      intervalMs: 2,
    });
    return performance.now() - begun;
  }

  async function lines(): Promise<string[]> {
    const config = await node.vtysh(['enable', 'show running-config']);
    return config.split('\n').filter((line) => line.includes('172.16.15.'));
  }

  it('are routed to within moments, in the area of the node, and no more when they are down', async () => {
    begin();
    // As srrd does; it also opens the sessions.
    await agent.call('removeLeftovers', [ADDRESS]);
    const upMs = await agent.mustUp('WEB', [ADDRESS]);
    const routeMs = await routed(ADDRESS, true);
    expect(await lines()).toEqual([` network ${ADDRESS}/32 area ${AREA}`]);
    const down = await agent.call('down', 'WEB');
    const goneMs = await routed(ADDRESS, false, 2_000);
    console.log(
      `up ${upMs.toFixed(1)} + ${routeMs.toFixed(0)} ms, down ${down.ms.toFixed(1)} + ${goneMs.toFixed(0)} ms`,
    );
    expect(await node.holds(ADDRESS)).toBe(false);
    expect(await lines()).toEqual([]);
  });

  it("do not wait when FRR's host name has changed", async () => {
    begin();
    await agent.mustUp('WEB', [ADDRESS]);
    await agent.call('down', 'WEB');
    for (const daemon of ['ospfd', 'zebra'] as const) {
      await node.vtysh(['configure terminal', 'hostname renamed-meanwhile'], daemon);
    }
    const upMs = await agent.mustUp('WEB', [ADDRESS]);
    console.log(`up after a change of the host name: ${upMs.toFixed(0)} ms`);
    // The limit of a request, after which it was repeated.
    expect(upMs).toBeLessThan(1_500);
    for (const daemon of ['ospfd', 'zebra'] as const) {
      await node.vtysh(['configure terminal', 'hostname node'], daemon);
    }
  });

  it('have a lease from the first moment, and leave no trace in the configuration of interfaces', async () => {
    begin();
    await agent.mustUp('WEB', [ADDRESS]);
    const { stdout } = await node.exec(['ip', '-4', '-o', 'address', 'show', 'label', 'lo:srrd']);
    expect(stdout).toMatch(/ dynamic lo:srrd\\ +valid_lft [1-3]sec/);
    for (const daemon of node.frr.major >= 10 ? (['zebra', 'mgmtd'] as const) : (['zebra'] as const)) {
      expect(await node.vtysh(['enable', 'show running-config'], daemon)).not.toContain(ADDRESS);
    }
  });

  it('of one service come up all or not at all', async () => {
    begin();
    await node.exec(['ip', 'address', 'add', `${SECOND}/24`, 'dev', 'eth0']);
    const both = await agent.call('up', 'WEB', { addresses: [ADDRESS, SECOND], interface: 'lo', area: null });
    expect(both.error).toContain(`${SECOND} is on eth0 already, and not put there by srrd`);
    await node.exec(['ip', 'address', 'del', `${SECOND}/24`, 'dev', 'eth0']);

    const nowhere = await agent.call('up', 'WEB', { addresses: [ADDRESS, SECOND], interface: 'nosuch', area: null });
    expect(nowhere.error).toContain(`${ADDRESS} cannot be put on nosuch: Cannot find device "nosuch"`);
    expect(await node.holds(ADDRESS)).toBe(false);
    expect(await lines()).toEqual([]);

    await agent.mustUp('WEB', [ADDRESS, SECOND]);
    await routed(ADDRESS, true);
    await routed(SECOND, true);
  });

  it('are none if ospfd refuses one of them, with its words', async () => {
    begin();
    await node.vtysh(['configure terminal', 'router ospf', `network ${SECOND}/32 area 0.0.0.99`]);
    const answer = await agent.call('up', 'WEB', { addresses: [ADDRESS, SECOND], interface: 'lo', area: null });
    expect(answer.error).toContain(`ospfd refused "network ${SECOND}/32 area ${AREA}": There is already same network`);
    expect(await node.holds(ADDRESS)).toBe(false);
    expect(await lines()).not.toContain(` network ${ADDRESS}/32 area ${AREA}`);
    await node.vtysh(['configure terminal', 'router ospf', `no network ${SECOND}/32 area 0.0.0.99`]).catch(() => {});
  });

  it('are refused in an area that the node is not in', async () => {
    begin();
    const answer = await agent.call('up', 'WEB', { addresses: [ADDRESS], interface: 'lo', area: '0.0.0.8' });
    expect(answer.error).toContain(`this node's OSPF interfaces are in area ${AREA}, not in 0.0.0.8`);
  });

  it('are refused if FRR would put the address up by itself', async () => {
    begin();
    const daemon = node.frr.major >= 10 ? 'mgmtd' : 'zebra';
    // Configured for an interface that is not there, so that the kernel does not have it.
    await node.vtysh(['configure terminal', 'interface later', `ip address ${ADDRESS}/32`], daemon);
    const answer = await agent.call('up', 'WEB', { addresses: [ADDRESS], interface: 'lo', area: null });
    await node.vtysh(['configure terminal', 'no interface later'], daemon);
    expect(answer.error).toContain(`FRR's configuration gives ${ADDRESS} to later`);
  });

  it('belong to one service', async () => {
    begin();
    await agent.mustUp('WEB', [ADDRESS]);
    const other = await agent.call('up', 'MAIL', { addresses: [ADDRESS], interface: 'lo', area: null });
    expect(other.error).toContain(`${ADDRESS} is in use by service WEB`);
    await agent.call('down', 'WEB');
    await agent.mustUp('MAIL', [ADDRESS]);
  });

  it('may come and go at once, which zebra 8.4 does not survive by itself', async () => {
    begin();
    for (let time = 0; time < 5; time++) {
      await agent.mustUp('WEB', [ADDRESS]);
      await agent.call('down', 'WEB');
      await agent.mustUp('MAIL', [ADDRESS]);
      await agent.call('down', 'MAIL');
      await routed(ADDRESS, false);
    }
    expect(node.frr.crashed).toEqual([]);
  });

  it('are back when somebody deletes the address', async () => {
    begin();
    await agent.mustUp('WEB', [ADDRESS]);
    await routed(ADDRESS, true);
    await node.exec(['ip', 'address', 'del', `${ADDRESS}/32`, 'dev', 'lo']);
    await until(() => node.holds(ADDRESS), { timeoutMs: 120_000, intervalMs: 5 });
    await routed(ADDRESS, true);
  });

  it('are back when somebody reloads a configuration without the line', async () => {
    begin();
    await agent.mustUp('WEB', [ADDRESS]);
    await routed(ADDRESS, true);
    // What frr-reload does with a line that is not in its file.
    await node.vtysh(['configure terminal', 'router ospf', `no network ${ADDRESS}/32 area ${AREA}`]);
    await agent.event('report');
    await until(async () => (await lines()).length === 1, { timeoutMs: 120_000, intervalMs: 5 });
    await routed(ADDRESS, true);
  });

  it('are reported as lost when they cannot be put back', async () => {
    await node.exec(['ip', 'link', 'add', 'side', 'type', 'veth', 'peer', 'name', 'side2']);
    begin();
    await agent.mustUp('WEB', [ADDRESS], { interface: 'side' });
    await node.exec(['ip', 'link', 'del', 'side']);
    const lost = await agent.event('alias-lost');
    expect(lost).toMatchObject({ service: 'WEB', reason: expect.stringContaining('no longer on side') });
  });

  it('are gone a lease after the daemon was killed, and the next life clears its lines', async () => {
    begin();
    await agent.mustUp('WEB', [ADDRESS]);
    await routed(ADDRESS, true);
    await agent.end('SIGKILL');
    await routed(ADDRESS, false);
    expect(await node.holds(ADDRESS)).toBe(false);
    expect(await lines()).toHaveLength(1);

    begin();
    expect((await agent.call('removeLeftovers', [ADDRESS])).value).toMatchObject({
      announced: [ADDRESS],
      problems: [],
    });
    expect(await lines()).toEqual([]);
  });

  it('of an earlier life are removed as it has recorded them, even if no definition names their address any more', async () => {
    // The lease must not have ended before the next life looks.
    begin({ leaseMs: 120_000 });
    await agent.mustUp('WEB', [ADDRESS]);
    await agent.end('SIGKILL');
    begin();
    const left = (await agent.call('removeLeftovers', [])).value;
    expect(left).toMatchObject({ aliases: [ADDRESS], announced: [ADDRESS], problems: [] });
    expect(await node.holds(ADDRESS)).toBe(false);
    expect(await lines()).toEqual([]);
    expect((await agent.call('removeLeftovers', [])).value).toMatchObject({ aliases: [], announced: [] });
  });

  it('of another daemon are left alone, and so are its lines, whatever is done here', async () => {
    begin();
    await agent.mustUp('WEB', [ADDRESS]);
    const other = new RoutingAgent(node, { vty, records: join(node.directory, 'records-of-another') });
    const left = (await other.call('removeLeftovers', [ADDRESS, SECOND])).value as { problems: string[] };
    expect(left).toMatchObject({ aliases: [], announced: [], configured: [] });
    expect(left.problems).toEqual([
      expect.stringContaining(`${ADDRESS} on lo has srrd's mark, and is not recorded here`),
    ]);
    await other.mustUp('MAIL', [SECOND]);
    // It renews its leases and compares ospfd's lines with its own, once a second each.
    await until(async () => (await lines()).length === 2, { what: 'both have their line' });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const refused = await other.call('up', 'WEB', { addresses: [ADDRESS], interface: 'lo', area: null });
    expect(refused.error).toContain('put there by another srrd');
    await other.call('down', 'MAIL');
    await other.end();
    expect([await node.holds(ADDRESS), await lines()]).toEqual([true, [` network ${ADDRESS}/32 area ${AREA}`]]);
    expect(agent.events.filter(({ type }) => type === 'alias-lost' || type === 'report')).toEqual([]);
  });

  it('of an earlier life whose records are lost may come again when their lease has ended', async () => {
    begin();
    await agent.mustUp('WEB', [ADDRESS]);
    await agent.end('SIGKILL');
    rmSync(join(node.directory, 'aliases'), { recursive: true });
    begin();
    await agent.call('removeLeftovers', [ADDRESS]);
    await agent.mustUp('WEB', [ADDRESS]);
    await routed(ADDRESS, true);
  });

  it("with our mark in FRR's own configuration are removed there if they are ours, and else left alone", async () => {
    const daemon = node.frr.major >= 10 ? 'mgmtd' : 'zebra';
    const configured = ['configure terminal', 'interface lo', `ip address ${ADDRESS}/32 label lo:srrd`];
    await node.vtysh(configured, daemon);
    await until(() => node.holds(ADDRESS));
    begin();
    expect((await agent.call('removeLeftovers', [])).value).toMatchObject({ configured: [], aliases: [] });
    expect(await node.vtysh(['enable', 'show running-config'], daemon)).toContain(ADDRESS);
    await node.vtysh(['configure terminal', 'interface lo', `no ip address ${ADDRESS}/32 label lo:srrd`], daemon);
    await until(async () => !(await node.holds(ADDRESS)));
    await agent.mustUp('WEB', [ADDRESS]);
    await agent.end('SIGKILL');
    // Else the lease would end under what is configured now, sooner or later.
    await until(async () => !(await node.holds(ADDRESS)));
    await node.vtysh(configured, daemon);
    await until(() => node.holds(ADDRESS));
    begin();
    const left = (await agent.call('removeLeftovers', [])).value;
    expect(left).toMatchObject({ configured: [ADDRESS], problems: [] });
    await until(async () => !(await node.holds(ADDRESS)));
    expect(await node.vtysh(['enable', 'show running-config'], daemon)).not.toContain(ADDRESS);
  });

  it('of a frozen daemon are gone a lease later, and stay gone when it wakes up', async () => {
    begin();
    await agent.mustUp('WEB', [ADDRESS]);
    await routed(ADDRESS, true);
    agent.signal('SIGSTOP');
    await routed(ADDRESS, false);
    agent.signal('SIGCONT');
    const overrun = await agent.event('lease-overrun');
    expect(overrun.lateMs).toBeGreaterThan(0);
    // Three periods of renewal.
    await expect(until(() => node.holds(ADDRESS), { timeoutMs: 3_000, intervalMs: 20 })).rejects.toThrow('timed out');
    await agent.call('down', 'WEB');
    await agent.mustUp('WEB', [ADDRESS]);
    await routed(ADDRESS, true);
  });

  it('survive a restart of ospfd', async () => {
    begin();
    await agent.mustUp('WEB', [ADDRESS]);
    await routed(ADDRESS, true);
    await node.frr.kill('ospfd');
    await routed(ADDRESS, false);
    await node.frr.start('ospfd');
    await routed(ADDRESS, true, 30_000);
  });

  it('go down at once when ospfd is dead', async () => {
    begin();
    await agent.mustUp('WEB', [ADDRESS]);
    await node.frr.kill('ospfd');
    const down = await agent.call('down', 'WEB');
    expect(down.ms).toBeLessThan(5_000);
    expect(await node.holds(ADDRESS)).toBe(false);
    await node.frr.start('ospfd');
    await lab.converged();
  });

  it('go down even while ospfd hangs, and its line follows', async () => {
    begin();
    await agent.mustUp('WEB', [ADDRESS]);
    node.frr.freeze('ospfd');
    try {
      const down = await agent.call('down', 'WEB');
      expect(down.error).toBeUndefined();
      expect(await node.holds(ADDRESS)).toBe(false);
    } finally {
      node.frr.thaw('ospfd');
    }
    await until(async () => (await lines()).length === 0, { timeoutMs: 120_000 });
    await lab.converged();
  });

  it('are announced per interface where OSPF is configured so, which excludes `network` lines', async () => {
    const wire = node.link().subnet.prefix;
    const own = [`network ${wire} area ${AREA}`, `network ${node.routerId}/32 area ${AREA}`];
    await node.vtysh(['configure terminal', 'router ospf', ...own.map((line) => `no ${line}`)]);
    await node.vtysh(['configure terminal', `interface ${node.link().interface}`, `ip ospf area ${AREA}`]);
    begin();
    await agent.call('removeLeftovers', []);
    await agent.mustUp('WEB', [ADDRESS]);
    expect(await lines()).toEqual([` ip ospf area ${AREA} ${ADDRESS}`]);
    await routed(ADDRESS, true);
    await node.vtysh(['configure terminal', 'interface lo', `no ip ospf area ${AREA} ${ADDRESS}`]);
    await agent.event('report');
    await until(async () => (await lines()).length === 1, { timeoutMs: 120_000, intervalMs: 5 });
    await agent.call('down', 'WEB');
    expect(await lines()).toEqual([]);
  });
});
