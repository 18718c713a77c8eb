import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askDaemon, RefusedError } from '../cli/client.js';
import { atSocket } from '../cli/daemon-address.js';
import { ERROR_CODES, orderNamed } from '../tables/index.js';
import type { Api } from './api.js';
import type { CommandReply, CommandRequest } from './control.js';
import { TEST_STATUS as STATUS, testControl, testSocketServer } from './testing.js';
import { listenOnSocket } from './unix-socket.js';

let folder: string;
let socket: string;
let api: Api;
let requests: CommandRequest[];
let reply: CommandReply;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-http-'));
  socket = join(folder, 'srrd.sock');
  requests = [];
  reply = { outcome: 'done', text: 'done' };
  const control = testControl(() => STATUS, {
    command: (request) => {
      requests.push(request);
      return Promise.resolve(reply);
    },
    simulate: ({ node }) => (node === 'beta' ? [] : `no node is called ${node}`),
  });
  api = testSocketServer({ control });
});

afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

const post = (path: string, body?: object) =>
  askDaemon({ address: atSocket(socket), method: 'POST', path, ...(body ? { body } : {}) });
const get = (path: string) => askDaemon({ address: atSocket(socket), method: 'GET', path });

test('the socket is open to its owner only', async () => {
  await listenOnSocket(api, socket);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
});

test('status comes as JSON over the socket', async () => {
  await listenOnSocket(api, socket);
  expect(await get('/api/v1/status')).toEqual(STATUS);
  expect(await get('/api/v1/services/WEB')).toEqual(STATUS.services[0]);
});

test('a question is answered with the document', async () => {
  const answer = await api.inject({ method: 'GET', url: '/api/v1/simulate?change=lose&node=beta' });
  expect([answer.statusCode, answer.json()]).toEqual([200, { question: { change: 'lose', node: 'beta' }, groups: [] }]);
  expect(requests).toEqual([]);
});

test('that a resource does not run on a node any more is said with the name of that node', async () => {
  await listenOnSocket(api, socket);
  expect(await post('/api/v1/services/DISK/confirm-stopped', { on: 'gamma' })).toEqual({ text: 'done' });
  expect(requests).toMatchObject([{ order: orderNamed('confirm-stopped', 'DISK'), target: null, on: 'gamma' }]);
});

test('a command reaches the daemon as it was given', async () => {
  await listenOnSocket(api, socket);
  expect(await post('/api/v1/services/WEB/move', { target: 'beta', pin: true })).toEqual({ text: 'done' });
  expect(await post('/api/v1/services/WEB/stop')).toEqual({ text: 'done' });
  expect(await post('/api/v1/node/standby', { target: '10.0.0.2' })).toEqual({ text: 'done' });
  expect(requests).toEqual([
    { operator: 'local', role: 'admin', order: orderNamed('move', 'WEB'), target: 'beta', pin: true },
    { operator: 'local', role: 'admin', order: orderNamed('stop', 'WEB'), target: null, pin: false },
    { operator: 'local', role: 'admin', order: orderNamed('node-standby', ''), target: '10.0.0.2', pin: false },
  ]);
});

test.each([
  ['refused', 409, 'B would take it back at once'],
  ['no-answer', 504, 'no answer within 15 s'],
  ['unavailable', 503, 'srrd is ending'],
] as const)('a command that is %s answers HTTP %i with the reason', async (outcome, statusCode, text) => {
  reply = { outcome, text };
  const answer = await api.inject({ method: 'POST', url: '/api/v1/services/WEB/stop' });
  expect([answer.statusCode, answer.json()]).toEqual([statusCode, { error: text, code: outcome }]);
});

test.each([
  ['POST', '/api/v1/services/WEB/explode', undefined, 'not-understood'],
  ['POST', '/api/v1/services/WEB/move', undefined, 'not-understood'],
  ['POST', '/api/v1/services/WEB/stop', { pin: true }, 'not-understood'],
  ['POST', '/api/v1/services/WEB/start', { target: 7 }, 'not-understood'],
  ['POST', '/api/v1/services/DISK/confirm-stopped', undefined, 'not-understood'],
  ['POST', '/api/v1/services/DISK/confirm-stopped', { on: 'gamma', target: 'beta' }, 'not-understood'],
  ['POST', '/api/v1/services/DISK/clear', { on: 'gamma' }, 'not-understood'],
  ['POST', '/api/v1/services/WEB/start', { targe: 'beta' }, 'not-understood'],
  ['POST', '/api/v1/services/WEB/start', 'no json', 'not-understood'],
  ['POST', '/api/v1/services/WEB/start', 'x'.repeat(20_000), 'too-large'],
  ['POST', '/api/v1/node/explode', undefined, 'not-understood'],
  ['GET', '/api/v1/services/NONE', undefined, 'unknown-service'],
  ['GET', '/api/v1/simulate', undefined, 'not-understood'],
  ['GET', '/api/v1/simulate?change=lose&node=', undefined, 'not-understood'],
  ['GET', '/api/v1/simulate?change=explode&node=beta', undefined, 'not-understood'],
  ['GET', '/api/v1/simulate?change=lose&node=beta&now=1', undefined, 'not-understood'],
  ['GET', '/api/v1/simulate?change=lose&node=gamma', undefined, 'not-understood'],
  ['GET', '/api/v1/simulate?change=lose&node=beta&service=WEB', undefined, 'not-understood'],
  ['GET', '/api/v1/simulate?change=move&node=beta', undefined, 'not-understood'],
  ['GET', '/api/v1/simulate?change=move&node=beta&service=WEB&group=SHOP', undefined, 'not-understood'],
  ['GET', '/nothing', undefined, 'unknown-route'],
] as const)(
  '%s %s %s is answered with a sentence and a code, and commands nothing',
  async (method, url, body, code) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await api.inject({ method, url, ...(body === undefined ? {} : { headers, payload: body }) });
    expect(answer.statusCode).toBe(ERROR_CODES[code].status);
    expect(answer.json()).toEqual({ error: expect.stringMatching(/.{10}/), code });
    expect(requests).toEqual([]);
  },
);

test('the socket that a killed daemon left is replaced, and gone after closing', async () => {
  await leaveSocketBehind(socket);
  await listenOnSocket(api, socket);
  expect(await get('/api/v1/status')).toEqual(STATUS);
  await api.close();
  expect(existsSync(socket)).toBe(false);
});

test('a socket that another daemon answers on is left alone', async () => {
  const other = testSocketServer();
  await listenOnSocket(other, socket);
  await expect(listenOnSocket(api, socket)).rejects.toThrow(/another process answers on .*srrd\.sock/);
  expect(await get('/api/v1/status')).toEqual(STATUS);
  await other.close();
});

test('a file with the name of the socket is not overwritten', async () => {
  writeFileSync(socket, 'precious');
  await expect(listenOnSocket(api, socket)).rejects.toThrow(/is no socket/);
  expect(existsSync(socket)).toBe(true);
});

test('an unknown service is refused, not an error of the connection', async () => {
  await listenOnSocket(api, socket);
  await expect(get('/api/v1/services/NONE')).rejects.toThrow(RefusedError);
});

/** A socket file that nobody listens on: its server's file is put aside while the server closes, and then put back. */
async function leaveSocketBehind(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  renameSync(path, `${path}.aside`);
  await new Promise((resolve) => server.close(resolve));
  renameSync(`${path}.aside`, path);
  chmodSync(path, 0o777);
}
