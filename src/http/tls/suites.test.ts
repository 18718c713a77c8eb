import { connect, getCiphers } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestWeb, testWeb } from '../testing-web.js';
import { TLS12_CIPHERS } from './files.js';
import type { TestHolder } from './testing.js';

let web: TestWeb;
let holder: TestHolder;

beforeAll(async () => {
  web = await testWeb();
  holder = web.ca.issue(['CN=vera', 'OU=viewer']);
});

afterAll(() => web.close());

const OURS = TLS12_CIPHERS.split(':');
const OF_TLS13 = /^tls_/;
const OTHERS = getCiphers()
  .map((name) => name.toUpperCase())
  .filter((name) => !OF_TLS13.test(name.toLowerCase()) && !OURS.includes(name));

test.each(OTHERS)('of TLS 1.2, %s alone is refused', async (ciphers) => {
  // The lowest level of security, so that this end offers it whatever it thinks of it.
  await expect(negotiated(`${ciphers}:@SECLEVEL=0`, 'TLSv1.2')).rejects.toThrow();
});

test('among those are suites that are encrypted without a proof, or with the key of the server', () => {
  for (const name of ['ECDHE-RSA-AES128-SHA', 'ECDHE-RSA-AES256-SHA384', 'AES128-GCM-SHA256', 'AES256-SHA']) {
    expect(OTHERS).toContain(name);
  }
});

// The certificate of this server has an RSA key.
test.each(OURS.filter((name) => name.includes('-RSA-')))('of TLS 1.2, %s is taken', async (name) => {
  expect(await negotiated(name, 'TLSv1.2')).toEqual(['TLSv1.2', name]);
});

test('TLS 1.3 is preferred', async () => {
  expect(await negotiated(undefined, 'TLSv1.3')).toEqual(['TLSv1.3', expect.stringMatching(/^TLS_/)]);
});

test('the same suites are there after the certificates were read again', async () => {
  web.reload({ access: [] });
  await expect(negotiated('AES128-GCM-SHA256:@SECLEVEL=0', 'TLSv1.2')).rejects.toThrow();
  expect(await negotiated(OURS[1], 'TLSv1.2')).toEqual(['TLSv1.2', OURS[1]]);
});

/** What a client agrees on with the server: version and suite. */
function negotiated(ciphers: string | undefined, maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<(string | null)[]> {
  const { cert, key } = holder;
  const suites = ciphers === undefined ? {} : { ciphers };
  return new Promise((resolve, reject) => {
    const options = { port: web.port, host: '127.0.0.1', ca: web.ca.cert, cert, key, maxVersion, ...suites };
    const socket = connect(options, () => {
      resolve([socket.getProtocol(), socket.getCipher().name]);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
