import { createServer as createTcpServer, type Server } from 'node:net';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { NodeStatus } from '../cluster/index.js';
import { type TestWeb, testWeb } from '../http/testing-web.js';
import { type TestCa, type TestHolder, testCa } from '../http/tls/testing.js';
import { WebServers } from './web-servers.js';

let web: TestWeb;
let nodes: NodeStatus[];
let nowMs: number;
let changes: number;
let servers: WebServers;
const open: Server[] = [];

beforeAll(async () => {
  // Its certificate is of CN=node, and of 127.0.0.1.
  web = await testWeb();
});
afterAll(async () => {
  await web.close();
  for (const server of open) server.close();
});
beforeEach(() => {
  [nowMs, changes] = [1_000_000, 0];
  servers = new WebServers({
    nodes: () => nodes,
    self: () => '10.0.0.1',
    changed: () => {
      changes += 1;
    },
    now: () => nowMs,
  });
  servers.begin(web.server.tls!);
  return () => servers.close();
});

test('a server is confirmed by the name or the router ID in its certificate, and by nothing else', async () => {
  const named = node('10.0.0.2', 'node', web.port);
  const numbered = node('127.0.0.1', 'other', web.port);
  const forged = node('10.0.0.99', 'omega', web.port);
  nodes = [named, numbered, forged];
  for (const each of nodes) expect(servers.doubt(each)).toBe('its certificate has not been looked at yet');
  for (const _ of nodes) await servers.askNext();
  expect(servers.doubt(named)).toBeNull();
  expect(servers.doubt(numbered)).toBeNull();
  expect(servers.doubt(forged)).toBe('the certificate there is of node, not of omega or 10.0.0.99');
  expect(changes).toBe(3);
});

test.each([
  ['of another authority', () => testCa('stranger').issue(['CN=omega']), /no certificate of this cluster was seen/],
  ['of a person', (ca: TestCa) => ca.issueClient(['CN=omega']), /no certificate of this cluster.*purpose/],
  ['that has expired', (ca: TestCa) => ca.issue(['CN=omega'], PAST), /no certificate of this cluster.*expired/],
])('a certificate %s confirms nothing', async (_what, issue, why) => {
  const forged = node('10.0.0.99', 'omega', await listen(issue(web.ca)));
  nodes = [forged];
  await servers.askNext();
  expect(servers.doubt(forged)).toMatch(why);
});

test('a certificate that was revoked confirms no longer', async () => {
  const holder = web.ca.issue(['CN=omega']);
  const omega = node('10.0.0.99', 'omega', await listen(holder));
  nodes = [omega];
  await servers.askNext();
  expect(servers.doubt(omega)).toBeNull();
  web.revoke(holder);
  web.reload();
  nowMs += 600_000;
  await servers.askNext();
  expect(servers.doubt(omega)).toBe('its certificate does not count: it was revoked: ask for a new one');
});

test('web.nodes decides without asking', async () => {
  const forged = node('10.0.0.99', 'omega', 9);
  nodes = [forged];
  web.reload({ nodes: { '10.0.0.99': { host: '127.0.0.1', port: 9 } } });
  await servers.askNext();
  expect([servers.doubt(forged), changes]).toEqual([null, 0]);
  web.reload({ nodes: { '10.0.0.99': { host: '10.0.0.99', port: 8443 } } });
  expect(servers.doubt(forged)).toBe('web.nodes says 10.0.0.99:8443');
  web.reload();
});

test('servers that do not answer keep no other from being asked', async () => {
  const silent = createTcpServer(() => {}).listen(0, '127.0.0.1');
  open.push(silent);
  await new Promise((resolve) => silent.once('listening', resolve));
  const port = (silent.address() as { port: number }).port;
  const hung = [7, 8, 9].map((id) => node(`10.0.0.${id}`, `hung${id}`, port));
  const good = node('10.0.0.10', 'node', web.port);
  nodes = [...hung, good];
  for (const _ of hung) void servers.askNext();
  await servers.askNext();
  expect(servers.doubt(good)).toBeNull();
  for (const each of hung) expect(servers.doubt(each)).toBe('its certificate has not been looked at yet');
});

test('a node that says another address each time is asked once in 10 s, and another address is not confirmed', async () => {
  const good = node('10.0.0.2', 'node', web.port);
  nodes = [good];
  await servers.askNext();
  expect(changes).toBe(1);
  const moved = { ...good, web: '203.0.113.9:8443' };
  nodes = [moved];
  expect(servers.doubt(moved)).toBe('its certificate has not been looked at yet');
  nowMs += 9_000;
  await servers.askNext();
  expect(changes).toBe(1);
  nodes = [good];
  expect(servers.doubt(good)).toBeNull();
});

test('without TLS nothing is confirmed; this node itself needs no proof', () => {
  servers.close();
  expect(servers.doubt(node('10.0.0.2', 'node', 9))).toContain('web.tls');
  expect(servers.doubt(node('10.0.0.1', 'self', 9))).toBeNull();
  expect(servers.doubt({ ...node('10.0.0.2', 'node', 9), web: null })).toBeNull();
});

const PAST = { from: new Date(Date.now() - 2 * 86_400_000), to: new Date(Date.now() - 86_400_000) };

function node(routerId: string, name: string, port: number): NodeStatus {
  return { routerId, name, reachable: true, web: `127.0.0.1:${port}`, standby: false };
}

async function listen({ cert, key }: TestHolder): Promise<number> {
  const server = createServer({ cert, key }, (socket) => socket.on('error', () => {}));
  server.on('tlsClientError', () => {});
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}
