import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Engine, type Event } from '../cluster/index.js';
import { TEST_SETTINGS } from '../cluster/testing.js';
import { ForeignFiles } from '../files/index.js';
import { type TestWeb, testWeb } from '../http/testing-web.js';
import { Certificates } from './certificates.js';

let web: TestWeb;
let stateDir: string;
let events: Event[];
let warnings: string[];
let certificates: Certificates;

beforeEach(async () => {
  web = await testWeb();
  stateDir = mkdtempSync(join(tmpdir(), 'srrd-certificates-'));
  [events, warnings] = [[], []];
  certificates = new Certificates({
    stateDir,
    files: new ForeignFiles(),
    engine: new Engine(TEST_SETTINGS),
    emit: (event) => events.push(event),
    log: { info: () => {}, warn: (text) => warnings.push(text) },
  });
});

afterEach(async () => {
  certificates.close();
  vi.useRealTimers();
  await web.close();
  rmSync(stateDir, { recursive: true });
});

test('without TLS there is nothing to tell', () => {
  const nothing = { own: null, cas: [], revocations: 0, lists: [], warnings: [] };
  expect(certificates.describe()).toEqual(nothing);
  expect(certificates.revocationList('0123456789abcdef')).toBeUndefined();
});

test('a list that changes in its file is told to the others, given to them, and ends its holders’ access', async () => {
  const rita = web.ca.issue(['CN=rita', 'OU=admin']);
  const ask = async () => (await web.ask({ holder: rita, path: '/api/v1/session' })).statusCode;
  certificates.begin(web.server.tls!);
  expect(await ask()).toBe(200);
  web.revoke(rita);
  await vi.waitUntil(() => events.length === 2, { timeout: 20_000 });
  expect(await ask()).toBe(403);
  const { lists, revocations } = certificates.describe();
  expect(revocations).toBe(1);
  const [{ authority, number }] = lists as [(typeof lists)[number]];
  expect(events.at(-1)).toEqual({ type: 'revocations', lists: [{ authority, number }] });
  expect(certificates.revocationList(authority)?.[0]).toBe(0x30);
});

test('it is said at the start and once a day that certificates end soon', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  certificates.begin(web.server.tls!);
  // Those of the test last for a day.
  const first = [expect.stringMatching(/^the certificate of this web server ends on .* in 0 days/)];
  expect(warnings).toEqual([...first, expect.stringMatching(/^the certificate authority O=Test, CN=cluster ends/)]);
  expect(certificates.describe().warnings).toEqual(warnings);
  vi.advanceTimersByTime(24 * 3600_000);
  expect(warnings).toHaveLength(4);
});
