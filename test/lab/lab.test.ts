import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLab, type Host, type Lab, until, WITHOUT_BFD_MS } from './index.js';

const ADDRESS = '172.16.15.1';

describe('a lab of three nodes, two routers and a client', () => {
  let lab: Lab;
  let r1: Host;
  let r2: Host;
  let a: Host;
  let b: Host;
  let c: Host;
  let client: Host;

  beforeAll(async () => {
    const begin = performance.now();
    lab = await createLab({ name: 'self' });
    const near = lab.subnet('near', '10.1.1.0/24');
    const far = lab.subnet('far', '10.1.2.0/24');
    const outside = lab.subnet('outside', '10.1.3.0/24');
    r1 = await lab.router('r1', { subnets: [near, far, outside] });
    r2 = await lab.router('r2', { subnets: [near, far] });
    a = await lab.node('a', { subnets: [near] });
    b = await lab.node('b', { subnets: [near] });
    c = await lab.node('c', { subnets: [far] });
    client = await lab.client('client', { subnet: outside, via: r1 });
    const madeMs = performance.now() - begin;
    const convergedMs = await lab.converged();
    console.log(`made in ${madeMs.toFixed(0)} ms, converged ${convergedMs.toFixed(0)} ms later`);
    for (const node of [a, c]) node.answerAt(ADDRESS);
  });

  afterAll(() => lab?.destroy());

  it('routes from every node to every other', async () => {
    for (const from of [r1, r2, a, b, c]) {
      for (const to of [r1, r2, a, b, c]) {
        if (from !== to) expect(await from.hasRoute(`${to.routerId}/32`), `${from.name} to ${to.name}`).toBe(true);
      }
    }
  });

  it('takes routes to a node away soon after a silent cut, and brings them back', async () => {
    const cutAt = await c.cut();
    await until(async () => !(await a.hasRoute(`${c.routerId}/32`)), { intervalMs: 5, timeoutMs: 120_000 });
    const goneMs = Number(process.hrtime.bigint() - cutAt) / 1e6;
    console.log(`route gone ${goneMs.toFixed(0)} ms after the cut`);
    // Without BFD it would take the dead interval, 4 s.
    expect(goneMs).toBeLessThan(WITHOUT_BFD_MS);
    await c.restore();
    await lab.converged();
  });

  it('loses an unplugged node too, whose own interface goes down', async () => {
    await c.cut('unplugged');
    await lab.converged();
    const { stdout } = await c.exec(['cat', '/sys/class/net/eth0/carrier']);
    expect(stdout).toBe('0');
    await c.restore();
    await lab.converged();
  });

  it('splits a network in two and joins it again', async () => {
    await lab.partition([
      [r1, a, client],
      [r2, b, c],
    ]);
    await lab.converged();
    expect(await a.hasRoute(`${b.routerId}/32`)).toBe(false);
    expect(await b.hasRoute(`${c.routerId}/32`)).toBe(true);
    await lab.heal();
    await lab.converged();
    expect(await a.hasRoute(`${b.routerId}/32`)).toBe(true);
  });

  it('kills ospfd and starts it again', async () => {
    await c.frr.kill('ospfd');
    expect(c.frr.running('ospfd')).toBe(false);
    await until(async () => !(await a.hasRoute(`${c.routerId}/32`)), { timeoutMs: 120_000 });
    await c.frr.start('ospfd');
    await lab.converged();
    expect(c.frr.crashed).toEqual([]);
  });

  it('sees with a probe who serves an address, and how long nobody did', async () => {
    await announce(a, ADDRESS);
    await until(() => r1.hasRoute(`${ADDRESS}/32`));
    const probe = await client.probe(ADDRESS);
    await probe.until((reply) => reply.sender === 'a');
    await withdraw(a, ADDRESS);
    await until(async () => !(await r1.hasRoute(`${ADDRESS}/32`)), { intervalMs: 5 });
    const silentFrom = process.hrtime.bigint();
    await until(() => process.hrtime.bigint() - silentFrom > 100_000_000n, { intervalMs: 10 });
    const beforeAnnounce = process.hrtime.bigint();
    await announce(c, ADDRESS);
    await probe.until((reply) => reply.sender === 'c', { since: silentFrom });
    const replies = await probe.stop();

    const outages = probe.outages();
    const main = outages.find((outage) => outage.senderAfter === 'c')!;
    expect(main.senderBefore).toBe('a');
    expect(main.to).toBeGreaterThan(beforeAnnounce);
    // Every question is accounted for, and the rate held, as far as the machine let it run.
    expect(replies.map((reply) => reply.sequence)).toEqual(replies.map((_, index) => index));
    const seconds = Number(replies.at(-1)!.sentAt - replies[0]!.sentAt) / 1e9;
    expect(replies.length / seconds).toBeGreaterThan(200);
    await withdraw(c, ADDRESS);
  });

  it('fetches pages with a probe, each over a new connection', async () => {
    const server = b.spawn('http', [process.execPath, '--eval', PAGE_SERVER]);
    const probe = await client.probe(b.routerId ?? '', { kind: 'http', port: 8080 });
    await probe.until((reply) => reply.sender === 'page-1');
    await server.kill('SIGKILL');
    const deadAt = process.hrtime.bigint();
    await until(() => probe.outages().some((outage) => outage.senderBefore !== null), { timeoutMs: 120_000 });
    b.spawn('http', [process.execPath, '--eval', PAGE_SERVER]);
    await probe.until((reply) => reply.sender === 'page-1', { since: deadAt });
    await probe.stop();
    expect(probe.outages().filter((outage) => outage.senderBefore !== null)).toHaveLength(1);
  });
});

const PAGE_SERVER = `
require('node:http').createServer((request, response) => {
  request.socket.requests = (request.socket.requests ?? 0) + 1;
  response.end('<html>page-' + request.socket.requests);
}).listen(8080, '0.0.0.0');
`;

async function announce(node: Host, address: string): Promise<void> {
  await node.vtysh(['configure terminal', 'router ospf', `network ${address}/32 area 0`]);
  await node.exec(['ip', 'address', 'add', `${address}/32`, 'dev', 'lo']);
}

async function withdraw(node: Host, address: string): Promise<void> {
  await node.exec(['ip', 'address', 'delete', `${address}/32`, 'dev', 'lo']);
  await node.vtysh(['configure terminal', 'router ospf', `no network ${address}/32 area 0`]);
}
