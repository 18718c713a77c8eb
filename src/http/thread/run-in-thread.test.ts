import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import type { ClusterEvent } from '../../events/index.js';
import type { AuditLog } from '../audit.js';
import type { StatusDocument } from '../status-document.js';
import { TEST_STATUS, TestLive, testControl } from '../testing.js';
import { type TestWeb, testWeb } from '../testing-web.js';
import type { TestHolder } from '../tls/testing.js';
import { runInThread } from './run-in-thread.js';

/** The web thread, which does this at the first event. */
const thread = (atAnEvent: string) => `
import { parentPort } from 'node:worker_threads';
await import(${JSON.stringify(new URL('../../../dist/http/thread/web-thread.js', import.meta.url).href)});
parentPort.on('message', ({ type }) => {
  if (type === 'event') ${atAnEvent}
});
`;

/** A thread of its own on a busy machine takes its time. */
const WITHIN = { timeout: 60_000, interval: 50 };

let web: TestWeb;
let lines: string[];
let status: StatusDocument;
let live: TestLive;

async function begin(options: Parameters<typeof testWeb>[0] = {}): Promise<void> {
  lines = [];
  status = TEST_STATUS;
  live = new TestLive(() => status);
  const note = (_fields: object, text: string) => void lines.push(text);
  const log: AuditLog = { info: note, warn: note };
  const ports = { control: testControl(() => status), live: live.live, ...options.ports };
  web = await testWeb({ run: runInThread(), log, ...options, ports });
}

afterEach(() => web.close());

/** An open stream: what it has told. */
function follow(holder: TestHolder): Promise<{ text(): string; readonly ended: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const { cert, key } = holder;
    const options = { port: web.port, host: '127.0.0.1', path: '/api/v1/stream?lsdb=1', ca: web.ca.cert, cert, key };
    const sent = request({ ...options, agent: false }, (response: IncomingMessage) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => {
        text += part;
      });
      response.on('error', () => {});
      const ended = new Promise<void>((end) => response.on('close', () => end()));
      resolve({ text: () => text, ended });
    });
    sent.on('error', reject);
    sent.end();
  });
}

const status200 = async (holder: TestHolder) => (await web.ask({ holder, path: '/api/v1/session' })).statusCode === 200;

test('asked in its own thread, the daemon answers; what it says of a request that it cannot answer is passed on', async () => {
  const command = vi.fn().mockRejectedValue(new Error('the roof is on fire'));
  await begin({ ports: { control: testControl(() => status, { command }) } });
  const admin = web.ca.issue(['CN=anna', 'OU=admin']);
  const get = async (path: string) => JSON.parse((await web.ask({ holder: admin, path })).text);
  expect(await get('/api/v1/status')).toEqual(TEST_STATUS);
  expect(await get('/api/v1/services/WEB')).toEqual(TEST_STATUS.services[0]);
  expect(await get('/api/v1/lsdb')).toMatchObject({ routerId: '10.0.0.1', lsas: [] });
  expect(await get('/api/v1/definitions')).toEqual([]);
  const path = '/api/v1/services/WEB/move';
  const headers = { 'content-type': 'application/json' };
  const { statusCode, text } = await web.ask({
    holder: admin,
    method: 'POST',
    path,
    headers,
    body: '{"target":"beta"}',
  });
  expect([statusCode, JSON.parse(text)]).toEqual([500, { error: 'the roof is on fire', code: 'failed' }]);
  expect(command).toHaveBeenCalledWith(expect.objectContaining({ operator: 'CN=anna,OU=admin', target: 'beta' }));
  // A line is written when the answer has gone.
  const line = expect.stringMatching(/^CN=anna,OU=admin from 127.0.0.1:\d+: POST .*: 500/);
  await vi.waitFor(() => expect(lines).toContainEqual(line), WITHIN);
}, 120_000);

test('a stream tells what the daemon tells, and a revoked holder’s ends', async () => {
  await begin();
  const vera = web.ca.issue(['CN=vera', 'OU=viewer']);
  const anna = web.ca.issue(['CN=anna', 'OU=admin']);
  const [hers, other] = [await follow(vera), await follow(anna)];
  await vi.waitFor(() => expect(other.text()).toContain('"complete":true'), WITHIN);
  status = { ...status, services: status.services.map((service) => ({ ...service, owner: '10.0.0.7' })) };
  live.changed();
  await vi.waitFor(() => expect(other.text()).toMatch(/"owner":"10.0.0.7".*"complete":false/), WITHIN);
  web.revoke(vera);
  web.reload();
  await hers.ended;
  await vi.waitFor(async () => expect([await status200(vera), await status200(anna)]).toEqual([false, true]), WITHIN);
  live.publish({ seq: 7 } as ClusterEvent);
  await vi.waitFor(() => expect(other.text()).toContain('event: event\ndata: {"seq":7}'), WITHIN);
}, 120_000);

test.each([
  ['breaks', "throw new Error('broken');", 'Error: broken'],
  ['hangs', 'for (;;);', 'it has not answered for 6 s'],
])(
  'a thread that %s is told in the log and started again at the same port, by the rules of then',
  async (_, act, why) => {
    const folder = mkdtempSync(join(tmpdir(), 'srrd-thread-'));
    const file = join(folder, 'thread.mjs');
    writeFileSync(file, thread(act));
    await begin({ run: runInThread(pathToFileURL(file), 1000) });
    const holders = ['vera', 'anna'].map((name) => web.ca.issue([`CN=${name}`, 'OU=viewer'])) as [
      TestHolder,
      TestHolder,
    ];
    const [vera, anna] = holders;
    expect(await status200(vera)).toBe(true);
    web.revoke(vera);
    web.reload();
    const stream = await follow(anna);
    await vi.waitFor(() => expect(stream.text()).toContain('"complete":true'), WITHIN);
    live.publish({ seq: 1 } as ClusterEvent);
    await stream.ended;
    await vi.waitFor(() => expect(lines).toContainEqual(expect.stringContaining('listens again')), WITHIN);
    expect(lines).toContainEqual(
      expect.stringContaining(`the web server has failed, and starts again in 0.5 s: ${why}`),
    );
    // On a very busy machine the thread may be taken to hang once more.
    await vi.waitFor(async () => expect([await status200(vera), await status200(anna)]).toEqual([false, true]), WITHIN);
    rmSync(folder, { recursive: true });
  },
  120_000,
);
