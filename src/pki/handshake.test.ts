import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { initAuthority, issueClient, issueServer, revoke } from './making.js';

/** What Node.js's TLS says to our certificates and our revocation list. */
const scratch = mkdtempSync(join(tmpdir(), 'srrd-pki-tls-'));
const now = new Date();
const DAY_MS = 24 * 3600_000;
const ours = join(scratch, 'ours');
const foreign = join(scratch, 'foreign');

beforeAll(async () => {
  await initAuthority({ directory: ours, cluster: 'shop', days: 100, now: new Date(now.getTime() - 50 * DAY_MS) });
  await initAuthority({ directory: foreign, cluster: 'shop', days: 10, now });
  await issueServer({ directory: ours, name: 'alpha', addresses: ['127.0.0.1'], days: 10, now, force: false });
  const holder = { role: 'viewer', days: 10, now, force: false, password: null } as const;
  await issueClient({ ...holder, directory: ours, name: 'good' });
  await issueClient({ ...holder, directory: ours, name: 'revoked' });
  await issueClient({ ...holder, directory: ours, name: 'ended', now: new Date(now.getTime() - 20 * DAY_MS) });
  await issueClient({ ...holder, directory: foreign, name: 'stranger' });
  await revoke(ours, 'revoked', now);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function file(directory: string, name: string): Buffer {
  return readFileSync(join(directory, name));
}

async function listen(options: TlsOptions): Promise<{ server: Server; port: number }> {
  const server = createServer(
    {
      cert: file(ours, 'server/alpha.crt'),
      key: file(ours, 'server/alpha.key'),
      ca: file(ours, 'ca.crt'),
      requestCert: true,
      rejectUnauthorized: true,
      ...options,
    },
    (socket) => socket.end('welcome'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

/** What the server answers to this client; `refused` if the handshake fails. */
async function greet(directory: string, name: string | null, options: TlsOptions = {}): Promise<string> {
  const { server, port } = await listen(options);
  const own =
    name === null ? {} : { cert: file(directory, `client/${name}.crt`), key: file(directory, `client/${name}.key`) };
  try {
    return await new Promise<string>((resolve) => {
      const socket: TLSSocket = connect({ host: '127.0.0.1', port, ca: file(ours, 'ca.crt'), ...own });
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('error', () => resolve('refused'));
      socket.on('close', () => resolve(text === '' ? 'refused' : text));
    });
  } finally {
    server.close();
  }
}

test('a certificate that was issued gets in, also with the revocation list', async () => {
  expect(await greet(ours, 'good')).toBe('welcome');
  expect(await greet(ours, 'good', { crl: file(ours, 'crl.pem') })).toBe('welcome');
});

test('a revoked one gets in only where the list is not known', async () => {
  expect(await greet(ours, 'revoked')).toBe('welcome');
  expect(await greet(ours, 'revoked', { crl: file(ours, 'crl.pem') })).toBe('refused');
});

test('one that has ended, one of another authority of the same cluster name, and none at all are refused', async () => {
  expect(await greet(ours, 'ended')).toBe('refused');
  expect(await greet(foreign, 'stranger')).toBe('refused');
  expect(await greet(ours, null)).toBe('refused');
});
