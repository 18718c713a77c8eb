import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigurationError } from '../config/index.js';
import { authorityOf, readAuthorities, readRevocationList } from '../pki/index.js';
import { RULES, type TestWeb, testWeb } from './testing-web.js';
import { type TestHolder, testCa } from './tls/testing.js';

let web: TestWeb;
let anna: TestHolder;
let vera: TestHolder;
let streams: IncomingMessage[];

beforeEach(async () => {
  streams = [];
  web = await testWeb();
  anna = web.ca.issue(['CN=anna', 'OU=admin']);
  vera = web.ca.issue(['CN=vera', 'OU=viewer']);
});

afterEach(async () => {
  for (const stream of streams) stream.destroy();
  await web.close();
});

/** An open stream that has told its first event. */
function open(holder: TestHolder): Promise<{ readonly ended: Promise<void>; readonly isOpen: () => boolean }> {
  return new Promise((resolve, reject) => {
    const { cert, key } = holder;
    const options = {
      port: web.port,
      host: '127.0.0.1',
      path: '/api/v1/stream',
      ca: web.ca.cert,
      cert,
      key,
      agent: false,
    };
    const sent = request(options, (response) => {
      streams.push(response);
      let isOpen = true;
      const ended = new Promise<void>((end) => {
        response.on('error', () => {});
        response.on('close', () => {
          isOpen = false;
          end();
        });
      });
      response.once('data', () => resolve({ ended, isOpen: () => isOpen }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

const status = async (holder: TestHolder, agent?: Agent) =>
  (await web.ask({ holder, path: '/api/v1/session', ...(agent ? { agent } : {}) })).statusCode;

test('a revoked holder’s stream and kept connection end at once, and the others’ stay', async () => {
  const [hers, other] = [await open(vera), await open(anna)];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  expect(await status(vera, agent)).toBe(200);
  web.revoke(vera);
  web.reload();
  await hers.ended;
  await expect(status(vera, agent).then((code) => (code === 200 ? code : Promise.reject()))).rejects.not.toBe(200);
  expect([await status(vera), await status(anna), other.isOpen()]).toEqual([403, 200, true]);
  agent.destroy();
});

test('a list that came from another node counts as well', async () => {
  const [hers, other] = [await open(vera), await open(anna)];
  const authorities = readAuthorities(web.ca.cert);
  web.server.tls?.setRevocations([readRevocationList(Buffer.from(web.ca.crl([vera])), authorities)]);
  await hers.ended;
  expect([await status(vera), await status(anna), other.isOpen()]).toEqual([403, 200, true]);
  web.server.tls?.setRevocations([]);
  expect(await status(vera)).toBe(200);
});

test('who may do less, or comes from a CA that is no longer trusted, is cut off too', async () => {
  const [hers, other] = [await open(vera), await open(anna)];
  web.reload({ access: RULES.filter(({ role }) => role !== 'viewer') });
  await hers.ended;
  expect([await status(vera), other.isOpen()]).toEqual([403, true]);
  writeFileSync(join(web.folder, 'ca.pem'), testCa('next').cert);
  writeFileSync(join(web.folder, 'crl.pem'), '');
  const { tls } = web.web;
  if (tls !== null) web.reload({ tls: { ...tls, crl: [] } });
  await other.ended;
  await expect(status(anna)).rejects.toThrow();
});

test('a certificate that expires ends its stream', async () => {
  const soon = new Date(Math.ceil(Date.now() / 1000) * 1000 + 8000);
  const hers = await open(web.ca.issue(['CN=emma', 'OU=viewer'], { from: new Date(Date.now() - 60_000), to: soon }));
  await hers.ended;
  expect(Date.now()).toBeGreaterThan(soon.getTime());
});

test('a new certificate of the server is shown to those who come, and nobody who is there is dropped', async () => {
  const there = await open(anna);
  const next = web.ca.issue(['CN=node renewed']);
  writeFileSync(join(web.folder, 'cert.pem'), next.cert);
  web.reload();
  expect(await fingerprintShown()).toBe(next.fingerprint);
  expect(there.isOpen()).toBe(true);
});

test.each([
  ['cert.pem', 'no certificate', 'web.tls.cert: FILE: expected certificates in PEM'],
  ['key.pem', 'no key', 'web.tls.key: FILE: expected a private key in PEM'],
  ['ca.pem', '', 'web.tls.ca: FILE: expected certificates in PEM'],
  ['crl.pem', 'no list', 'web.tls.crl: FILE: expected a certificate revocation list'],
])('a wrong %s is named, and all stays as it was', async (name, text, problem) => {
  const there = await open(anna);
  const path = join(web.folder, name);
  writeFileSync(path, text);
  const reload = () => web.reload({ access: [] });
  expect(reload).toThrow(ConfigurationError);
  expect(reload).toThrow(problem.replace('FILE', path));
  expect([await status(anna), there.isOpen()]).toEqual([200, true]);
});

test('a key that does not belong to the certificate, and a client’s certificate as a CA, are refused', () => {
  const { privateKey } = { privateKey: readFileSync(join(web.folder, 'key.pem'), 'utf8') };
  writeFileSync(join(web.folder, 'cert.pem'), testCa('x').cert);
  expect(() => web.reload()).toThrow('it is not the key of');
  writeFileSync(join(web.folder, 'key.pem'), privateKey);
  writeFileSync(join(web.folder, 'ca.pem'), anna.cert);
  expect(() => web.reload()).toThrow('expected certificates of CAs, got that of');
});

test('a list that another CA of the same name has signed revokes nobody', () => {
  const other = testCa('cluster');
  expect(authorityOf(readAuthorities(other.cert)[0]!.certificate).subject).toEqual(
    readAuthorities(web.ca.cert)[0]?.subject,
  );
  writeFileSync(join(web.folder, 'crl.pem'), other.crl([anna]));
  expect(() => web.reload()).toThrow('its signature is wrong');
});

test('TLS below 1.2 is refused', async () => {
  await expect(fingerprintShown({ maxVersion: 'TLSv1.1' })).rejects.toThrow();
  expect(await fingerprintShown({ maxVersion: 'TLSv1.2' })).toMatch(/^[0-9A-F:]+$/);
});

test('no TLS session is resumed, so that every connection is judged anew', async () => {
  const { cert, key } = anna;
  const sessions: Buffer[] = [];
  const socket = connect({ port: web.port, host: '127.0.0.1', ca: web.ca.cert, cert, key });
  socket.on('session', (session) => sessions.push(session));
  socket.write('GET /api/v1/session HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await new Promise((resolve) => socket.on('close', resolve).resume());
  const again = connect({
    port: web.port,
    host: '127.0.0.1',
    ca: web.ca.cert,
    cert,
    key,
    ...(sessions[0] === undefined ? {} : { session: sessions[0] }),
  });
  await new Promise((resolve) => again.once('secureConnect', resolve));
  expect(again.isSessionReused()).toBe(false);
  again.destroy();
});

function fingerprintShown(options: { maxVersion?: 'TLSv1.1' | 'TLSv1.2' } = {}): Promise<string> {
  const { cert, key } = anna;
  return new Promise((resolve, reject) => {
    const socket = connect({
      port: web.port,
      host: '127.0.0.1',
      ca: web.ca.cert,
      cert,
      key,
      minVersion: 'TLSv1',
      ...options,
    });
    socket.on('error', reject);
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
  });
}
