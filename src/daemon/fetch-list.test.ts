import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestWeb, testWeb } from '../http/testing-web.js';
import { testCa } from '../http/tls/testing.js';
import { fetchList } from './fetch-list.js';

const AUTHORITY = '0123456789abcdef';
const LIST = Buffer.from([0x30, 0x00]);
let web: TestWeb;
let own: { cert: string; key: string; ca: string };

beforeAll(async () => {
  const describe = () => ({ own: null, cas: [], revocations: 0, lists: [], warnings: [] });
  const huge = Buffer.alloc(2_000_000);
  const lists = new Map([
    [AUTHORITY, LIST],
    ['f'.repeat(16), huge],
  ]);
  web = await testWeb({ ports: { pki: { describe, revocationList: (authority) => lists.get(authority) } } });
  // No rule gives it a role, as with the certificate of another node.
  own = { ...web.ca.issue(['OU=node']), ca: web.ca.cert };
});
afterAll(() => web.close());

function fetch(authority: string, credentials = own): Promise<Buffer> {
  return fetchList({ host: '127.0.0.1', port: web.port, authority }, credentials);
}

test('a node without a role gets the list as it is', async () => {
  expect(await fetch(AUTHORITY)).toEqual(LIST);
});

test('what is missing, what nobody may ask for, and what is too long is an error in words', async () => {
  await expect(fetch('0'.repeat(16))).rejects.toThrow('it answers HTTP 404');
  await expect(fetch('../../status')).rejects.toThrow('it answers HTTP 400');
  await expect(fetch('f'.repeat(16))).rejects.toThrow('its list is too long');
});

test('a node of another authority is not talked to', async () => {
  await expect(fetch(AUTHORITY, { ...own, ca: testCa('stranger').cert })).rejects.toThrow(/self.signed|unable to/);
});

test('a stranger and a revoked node get nothing', async () => {
  const stranger = testCa('stranger').issue(['OU=node']);
  await expect(fetch(AUTHORITY, { ...stranger, ca: own.ca })).rejects.toThrow(/alert|ECONNRESET|socket hang up|EPIPE/);
  const revoked = web.ca.issue(['OU=node']);
  web.revoke(revoked);
  web.reload();
  await expect(fetch(AUTHORITY, { ...revoked, ca: own.ca })).rejects.toThrow('it answers HTTP 403');
});
