import { once } from 'node:events';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { orderNamed } from '../tables/index.js';
import type { CommandRequest } from './control.js';
import { LOOPBACK } from './identity.js';
import { buildServer } from './server.js';
import { SILENT, TEST_STATUS, TestLive, testControl, testPorts } from './testing.js';
import { type TestWeb, testWeb } from './testing-web.js';
import type { TestHolder } from './tls/testing.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const MOVE = '/api/v1/services/WEB/move';

let web: TestWeb;
let viewer: TestHolder;
let operator: TestHolder;
let requests: CommandRequest[];
let lines: { readonly level: string; readonly fields: object; readonly text: string }[];

beforeAll(async () => {
  requests = [];
  lines = [];
  web = await testWeb({
    ports: {
      control: testControl(() => TEST_STATUS, {
        command: async (request) => {
          requests.push(request);
          return { outcome: 'done', text: 'moved' };
        },
      }),
    },
    log: {
      info: (fields, text) => void lines.push({ level: 'info', fields, text }),
      warn: (fields, text) => void lines.push({ level: 'warn', fields, text }),
    },
  });
  viewer = web.ca.issue(['CN=vera', 'OU=viewer']);
  operator = web.ca.issue(['CN=otto', 'OU=operator']);
});

beforeEach(() => {
  requests.length = 0;
  lines.length = 0;
});

afterAll(() => web.close());

const move = (headers: Readonly<Record<string, string>>, body = '{"target":"beta"}') =>
  web.ask({ holder: operator, method: 'POST', path: MOVE, headers, body });

test('who is no browser, and this node’s own page, may change something; it is logged with who, from where and what', async () => {
  const own = `https://127.0.0.1:${web.port}`;
  expect((await move(JSON_TYPE)).statusCode).toBe(200);
  expect((await move({ ...JSON_TYPE, origin: own, 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200);
  expect(requests.map(({ operator, order, target }) => [operator, order, target])).toEqual([
    ['CN=otto,OU=operator', orderNamed('move', 'WEB'), 'beta'],
    ['CN=otto,OU=operator', orderNamed('move', 'WEB'), 'beta'],
  ]);
  // A line is written when the answer has gone.
  await expect.poll(() => lines).toHaveLength(2);
  const { level, fields, text } = lines[0] ?? {};
  expect(level).toBe('info');
  expect(fields).toMatchObject({ user: 'CN=otto,OU=operator', method: 'POST', path: MOVE, statusCode: 200 });
  expect(fields).toMatchObject({ fingerprint: operator.fingerprint.slice(0, 11), via: 'certificate' });
  expect(text).toMatch(/^CN=otto,OU=operator from 127\.0\.0\.1:\d+: POST .*move target beta: 200 .*moved/);
});

test('a name that looks like another one, or reorders its line, is written so that it does not', async () => {
  const forger = web.ca.issue(['CN=anna,O\u202e\u2028\nx', 'OU=operator']);
  await web.ask({ holder: forger, method: 'POST', path: MOVE, headers: JSON_TYPE, body: '{"target":"beta"}' });
  const name = 'CN=anna\\,O\ufffd\ufffd\ufffdx,OU=operator';
  expect(requests.map((request) => request.operator)).toEqual([name]);
  await expect.poll(() => lines.map(({ text }) => text)).toEqual([expect.stringContaining(`${name} from 127.0.0.1`)]);
});

test.each([
  ['another site', { origin: 'https://evil.example' }],
  ['another port of this node', { origin: 'https://127.0.0.1:1' }],
  ['this node without TLS', { origin: 'http://127.0.0.1:PORT' }],
  ['a sandboxed page', { origin: 'null' }],
  ['another site, by what the browser says', { 'sec-fetch-site': 'cross-site' }],
  ['another host of this domain', { 'sec-fetch-site': 'same-site' }],
  ['a form of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
])('a POST from %s is refused and logged', async (_, headers: Record<string, string>) => {
  const given = Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(web.port))]);
  const { statusCode, text } = await move({ ...JSON_TYPE, ...Object.fromEntries(given) });
  expect([statusCode, requests]).toEqual([403, []]);
  expect(JSON.parse(text).error).toContain("use this node's own pages");
  const line = expect.objectContaining({ level: 'warn', text: expect.stringContaining('403') });
  await expect.poll(() => lines).toEqual([line]);
});

test('another site may not even ask the API to look, but may have a link to the pages', async () => {
  const get = (path: string, headers: Readonly<Record<string, string>>) => web.ask({ holder: viewer, path, headers });
  expect((await get('/api/v1/doctor', { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
  expect((await get('/api/v1/doctor', { origin: 'https://evil.example' })).statusCode).toBe(403);
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', accept: 'text/html' };
  const page = await get('/services', link);
  expect([page.statusCode, page.text]).toEqual([200, expect.stringContaining('pages')]);
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/json'])(
  'a body of type %s is refused',
  async (type) => {
    expect((await move({ 'content-type': type })).statusCode).toBe(415);
    expect(requests).toEqual([]);
  },
);

test('an oversized body is refused, whether it says its length or not', async () => {
  expect((await move(JSON_TYPE, JSON.stringify({ target: 'x'.repeat(100_000) }))).statusCode).toBe(413);
  const answer = await raw(
    operator,
    `POST ${MOVE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{`,
  );
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
  const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
  const chunked = await raw(
    operator,
    `POST ${MOVE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`,
  );
  expect(chunked).toMatch(/^HTTP\/1.1 413 /);
  expect((await move(JSON_TYPE, '{"target":')).statusCode).toBe(400);
  expect((await move(JSON_TYPE, '{"__proto__":{"x":1},"target":"a"}')).statusCode).toBe(400);
  expect(requests).toEqual([]);
});

test.each([
  '/../key.pem',
  '/%2e%2e/key.pem',
  '/..%2fkey.pem',
  '/%2e%2e%2fkey.pem',
  '/..%5ckey.pem',
  '/.%00./key.pem',
  '//key.pem',
  '/./../key.pem',
  '/%252e%252e/key.pem',
  '/api/docs/static/..%2f..%2f..%2f..%2fpackage.json',
  '/api/docs/static/../../../../package.json',
  'https://elsewhere.example/../key.pem',
  '/%',
  '/%ff',
])('GET %s leads nowhere', async (path) => {
  const answer = await raw(viewer, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1.1 4\d\d /);
  expect(answer).not.toMatch(/PRIVATE KEY|"dependencies"/);
});

test.each([
  '/api/v1/%6eode/standby',
  '/api/v1/node/%73tandby',
  '/./api/v1/node/standby',
  '/x/../api/v1/node/standby',
  '//api/v1/node/standby',
  '/API/V1/node/standby',
  '/api/v1/node/standby/',
  '/api/v1/node/standby?x=1',
  '/api/v1/node/standby#x',
  '/api/v1/services/x%2f..%2f..%2fnode/standby',
  'https://elsewhere.example/api/v1/node/standby',
])('POST %s gives a viewer nothing', async (path) => {
  const answer = await raw(viewer, `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1.1 4\d\d /);
  expect(requests).toEqual([]);
});

test('a request whose head or body comes too slowly, and a handshake that does not come, are cut', async () => {
  const silent = connectTcp(web.port, '127.0.0.1');
  const head = secure(viewer);
  head.write('GET /api/v1/status HTTP/1.1\r\nHost: x\r\n');
  const dripping = setInterval(() => head.write('x: y\r\n'), 300);
  const body = secure(operator);
  body.write(`POST ${MOVE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{`);
  const idle = secure(viewer);
  const began = performance.now();
  await Promise.all([silent, head, body, idle].map(ended));
  clearInterval(dripping);
  console.log(`cut after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  expect(requests).toEqual([]);
});

test.each([
  ['one header of 20 KB', `X: ${'x'.repeat(20_000)}\r\n`],
  ['5,000 headers', Array.from({ length: 5000 }, (_, index) => `X${index}: y\r\n`).join('')],
])('a head with %s is refused', async (_, headers) => {
  const answer = await raw(viewer, `GET /api/v1/session HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
  expect(answer).toMatch(/^HTTP\/1.1 431 /);
});

test.each([
  ['two lengths', 'Content-Length: 2\r\nContent-Length: 30\r\n'],
  ['a length and chunks', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n'],
  ['a header that is folded', 'X: y\r\n z\r\nContent-Length: 2\r\n'],
  ['a space before the colon', 'Content-Length : 2\r\n'],
  ['two hosts', 'Host: y\r\nContent-Length: 2\r\n'],
])('a request with %s changes nothing that a front end could read otherwise', async (_, headers) => {
  const head = `POST ${MOVE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n${headers}\r\n`;
  const smuggled = `POST ${MOVE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{"target":"beta"}`;
  const answer = await raw(operator, `${head}{}${smuggled}`);
  expect(answer).toMatch(/^HTTP\/1.1 4\d\d /);
  expect(requests).toEqual([]);
});

test('whoever asks for a stream and leaves before it begins takes nobody’s place', async () => {
  const live = new TestLive(() => TEST_STATUS);
  const options = { identify: () => LOOPBACK, kind: 'loopback', tls: null, pages: null, log: SILENT } as const;
  const api = buildServer(testPorts({ live: live.live }), options);
  let begun = 0;
  // As if it had waited for its turn all the time.
  api.addHook('onRequest', async ({ url, raw: { socket } }) => {
    if (!url.endsWith('/stream')) return;
    const left = ended(socket);
    begun += 1;
    await left;
  });
  await api.listen({ host: '127.0.0.1', port: 0 });
  const { port } = api.server.address() as AddressInfo;
  const leaving = connectTcp(port, '127.0.0.1');
  leaving.write('GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await expect.poll(() => begun, { timeout: 20_000 }).toBe(1);
  leaving.resetAndDestroy();
  const seen = async () => [(await fetch(`http://localhost:${port}/api/v1/session`)).status, live.watchers];
  await expect.poll(seen, { timeout: 20_000 }).toEqual([200, 0]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(live.watchers).toBe(0);
  await api.close();
});

test('one address cannot take all connections', async () => {
  const many = Array.from({ length: 400 }, () => connectTcp(web.port, '127.0.0.1'));
  const refused = many.map((socket) => ended(socket).then(() => socket));
  await Promise.race(refused);
  for (const socket of many) socket.destroy();
  await Promise.all(refused);
  expect((await web.ask({ holder: viewer, path: '/api/v1/session' })).statusCode).toBe(200);
});

test('four addresses with 250 idle connections each do not close the server to the others', async () => {
  const many = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'].flatMap((localAddress) =>
    Array.from({ length: 250 }, () => connectTcp({ port: web.port, host: '127.0.0.1', localAddress })),
  );
  for (const socket of many) socket.on('error', () => {});
  await Promise.all(many.map((socket) => Promise.race([ended(socket), once(socket, 'connect').catch(() => {})])));
  for (let times = 0; times < 3; times += 1) {
    expect((await web.ask({ holder: viewer, path: '/api/v1/session' })).statusCode).toBe(200);
  }
  for (const socket of many) socket.destroy();
});

test('what nobody has foreseen is answered in a sentence, and logged', async () => {
  const told: string[] = [];
  const log = { info: () => {}, warn: (_fields: object, text: string) => void told.push(text) };
  const control = testControl(() => {
    throw new Error('the roof is on fire');
  });
  const options = { identify: () => LOOPBACK, kind: 'socket', tls: null, pages: null, log } as const;
  const api = buildServer(testPorts({ control }), options);
  const answer = await api.inject('/api/v1/status');
  expect([answer.statusCode, answer.json(), told]).toEqual([
    500,
    { error: 'the roof is on fire', code: 'failed' },
    ['GET /api/v1/status failed: the roof is on fire'],
  ]);
  await api.close();
});

test('without TLS only this machine’s own names are answered', async () => {
  const options = { identify: () => LOOPBACK, kind: 'loopback', tls: null, pages: null, log: SILENT } as const;
  const api = buildServer(testPorts(), options);
  const ask = async (host: string) => (await api.inject({ url: '/api/v1/session', headers: { host } })).statusCode;
  expect(await Promise.all(['localhost:8080', '127.0.0.1:8080', '127.0.0.1'].map(ask))).toEqual([200, 200, 200]);
  expect(await Promise.all(['evil.example', 'localhost.evil.example:8080', '127.0.0.1.evil.example'].map(ask))).toEqual(
    [403, 403, 403],
  );
  await api.close();
});

function secure({ cert, key }: TestHolder): TLSSocket {
  return connect({ port: web.port, host: '127.0.0.1', ca: web.ca.cert, cert, key });
}

/** What is answered to these bytes; the client of Node.js would put many of them right. */
function raw(holder: TestHolder, request: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = secure(holder);
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      answer += text;
      if (answer.includes('\r\n\r\n')) setTimeout(() => socket.destroy(), 50);
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
    socket.write(request);
  });
}

function ended(socket: TLSSocket | ReturnType<typeof connectTcp>): Promise<void> {
  return new Promise((resolve) => {
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.resume();
  });
}

test('what is no request, or has no path, is answered with a sentence and a code too', async () => {
  const api = buildServer(testPorts({}), {
    identify: () => LOOPBACK,
    kind: 'loopback',
    tls: null,
    pages: null,
    log: SILENT,
  });
  await api.listen({ host: '127.0.0.1', port: 0 });
  const { port } = api.server.address() as AddressInfo;
  const answerTo = async (request: string) => {
    const socket = connectTcp(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
    socket.on('error', () => {});
    socket.write(request);
    await once(socket, 'close');
    const [head = '', body = ''] = text.split('\r\n\r\n');
    return [head.split(' ')[1], JSON.parse(body).code, JSON.parse(body).error];
  };
  const ended = 'Host: 127.0.0.1\r\nConnection: close\r\n\r\n';
  const status = (name: string) => answerTo(`GET /api/v1/services/${name} HTTP/1.1\r\n${ended}`);
  const sentence = expect.stringMatching(/^(path: )?expected /);
  expect(await status('%E0%A4%A')).toEqual(['400', 'not-understood', sentence]);
  expect(await status('a'.repeat(101))).toEqual(['400', 'not-understood', sentence]);
  expect(await status('a'.repeat(20_000))).toEqual(['431', 'too-large', sentence]);
  expect(await answerTo('EHLO example.org\r\n\r\n')).toEqual(['400', 'not-understood', sentence]);
  await api.close();
});
