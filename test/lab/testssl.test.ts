import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestWeb, testWeb } from '../../src/http/testing-web.js';
import { run } from './command.js';

let web: TestWeb;

beforeAll(async () => {
  web = await testWeb();
});

afterAll(() => web?.close());

/** Of itself: its openssl knows no GOST; and without a certificate of the cluster it is told nothing over HTTP. */
const OF_ITSELF = ['engine_problem', 'service'];

/** What testssl.sh 3.0 (Debian 12) calls what 3.2 (Debian 13) calls otherwise. */
const NEW_NAMES = new Map([
  ['PFS', 'FS'],
  ['cipherlist_AVERAGE', 'cipherlist_OBSOLETED'],
  ['cipherlist_STRONG', 'cipherlist_STRONG_FS'],
]);

it('testssl.sh finds nothing wrong with the protocols, suites and key exchanges of the web server', async () => {
  const file = join(web.folder, 'testssl.json');
  // MAX_WAITSOCK: for so many seconds it waits for an answer to a handshake.
  const patient = ['env', 'MAX_WAITSOCK=60', 'testssl', '--quiet', '--warnings=batch', '--nodns=none', '--fast'];
  const checks = ['--protocols', '--std', '--pfs'];
  await run([...patient, '--jsonfile', file, ...checks, `127.0.0.1:${web.port}`], { timeoutMs: 580_000 });
  const found: { id: string; severity: string; finding: string }[] = JSON.parse(readFileSync(file, 'utf8'));
  const findings = found.filter(({ id }) => !OF_ITSELF.includes(id));
  const ids = ['TLS1_2', 'TLS1_3', 'FS', 'cipherlist_NULL', 'cipherlist_OBSOLETED', 'cipherlist_STRONG_FS'];
  expect(findings.map(({ id }) => NEW_NAMES.get(id) ?? id)).toEqual(expect.arrayContaining(ids));
  expect(findings.filter(({ severity }) => severity !== 'OK' && severity !== 'INFO')).toEqual([]);
}, 600_000);
