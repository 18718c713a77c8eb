import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../tables/index.js';
import { LOCAL } from './identity.js';
import { buildServer } from './server.js';
import { SILENT, testPorts } from './testing.js';
import { type TestWeb, testWeb } from './testing-web.js';
import { type TestHolder, testCa } from './tls/testing.js';

const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');

/** Who may use what: the tables of docs/api.md. A new route needs a line there. */
const EXPECTED = Object.fromEntries(
  [...page.matchAll(/^\| `([A-Z]+ \/[^`]*)` \| (\w+) \|/gm)].map(([, route = '', role = '']) => [route, role]),
);

/** Each keeps its connection, where it has one: a handshake takes its time. */
const agents: Record<string, Agent> = {};

const DAY_MS = 24 * 3600 * 1000;

/** Roles from the least to the most; the others get nothing, whatever they ask for. */
const RANK = ['anyone', 'viewer', 'operator', 'admin'];

let web: TestWeb;
let holders: Readonly<Record<string, TestHolder | undefined>>;

beforeAll(async () => {
  web = await testWeb();
  const { ca } = web;
  const revoked = ca.issue(['CN=rita', 'OU=admin']);
  const yesterday = { from: new Date(Date.now() - 2 * DAY_MS), to: new Date(Date.now() - DAY_MS) };
  holders = {
    'no certificate': undefined,
    'unknown CA': testCa('stranger').issue(['CN=sven', 'OU=admin']),
    'CA of the same name': testCa('cluster').issue(['CN=sven', 'OU=admin']),
    expired: ca.issue(['CN=emil', 'OU=admin'], yesterday),
    revoked,
    'no rule': ca.issue(['CN=nora', 'OU=admins']),
    viewer: ca.issue(['CN=vera', 'OU=viewer']),
    operator: ca.issue(['CN=otto', 'OU=operator']),
    admin: ca.issue(['CN=anna', 'OU=admin']),
  };
  web.revoke(revoked);
  web.reload();
});

afterAll(() => {
  for (const agent of Object.values(agents)) agent.destroy();
  return web.close();
});

function agentOf(who: string): Agent {
  agents[who] ??= new Agent({ keepAlive: true, maxSockets: 1 });
  return agents[who];
}

test('every route is in docs/api.md, with its role', async () => {
  const options = { identify: () => LOCAL, kind: 'network', tls: null, pages: web.folder, log: SILENT } as const;
  const api = buildServer(testPorts(), options);
  await api.ready();
  const roles = api.routeRoles.map(({ method, url, role }) => [`${method} ${url}`, role]);
  await api.close();
  expect(Object.fromEntries(roles)).toEqual(EXPECTED);
});

test('every code of an error is in docs/api.md, with its status and its meaning', () => {
  const codes = Object.entries(ERROR_CODES).map(
    ([code, { status, means }]) => `| \`${code}\` | ${status} | ${means} |`,
  );
  expect(page.match(/^\| `[a-z-]+` \| \d+ \| .*$/gm)).toEqual(codes);
});

test('a route without a role keeps the server from starting', async () => {
  const api = buildServer(testPorts(), { identify: () => LOCAL, kind: 'socket', tls: null, pages: null, log: SILENT });
  api.get('/open', async () => 'to all');
  await expect(api.ready()).rejects.toThrow('the route GET /open names no role');
});

describe.each(Object.entries(EXPECTED))('%s', (route, required) => {
  const [method = '', url = ''] = route.split(' ');
  const path = url.replace(':name', 'WEB').replace(':command', 'standby').replace('*', 'app.js');
  const body = method === 'POST' ? '{}' : undefined;
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const ask = (who: string) =>
    web.ask({ holder: holders[who], agent: agentOf(who), method, path, headers, ...(body ? { body } : {}) });

  test.each(['no certificate', 'unknown CA', 'CA of the same name', 'expired'])('%s: no connection', async (who) => {
    await expect(ask(who)).rejects.toThrow(/alert|ECONNRESET|socket hang up|EPIPE/);
  });

  test.each(['revoked', 'no rule', 'viewer', 'operator', 'admin'])('%s', async (who) => {
    const has = who === 'no rule' ? 0 : RANK.indexOf(who);
    const { statusCode, text } = await ask(who);
    if (has >= RANK.indexOf(required)) {
      expect(statusCode).not.toBe(403);
      expect(statusCode).toBeLessThan(500);
    } else {
      expect(statusCode).toBe(403);
      if (method !== 'HEAD')
        expect(JSON.parse(text)).toEqual({ error: expect.stringContaining('this needs'), code: 'not-allowed' });
    }
  });
});
