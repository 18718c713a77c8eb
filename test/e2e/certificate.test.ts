import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareWeb, type WebServer } from '../../src/http/prepared-web.js';
import { SILENT, testPorts } from '../../src/http/testing.js';
import { RULES } from '../../src/http/testing-web.js';
import { runWeb } from '../../src/http/web-server.js';
import { createPki, type Holder } from '../lab/pki.js';
import { BUILT_PAGES, openBrowser, openTab, untilLive } from './browser.js';

let folder: string;
let browser: Browser;
let server: WebServer;
let jane: Holder;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-certificate-'));
  const pki = await createPki(join(folder, 'pki'));
  const { tls } = await pki.server('alpha', ['127.0.0.1']);
  jane = await pki.client('jane', 'operator');
  const web = prepareWeb({
    configFile: join(folder, 'srrd.yaml'),
    web: {
      listen: { host: '127.0.0.1', port: 0 },
      advertise: null,
      tls: { ...tls, crl: [join(pki.directory, 'crl.pem')] },
      access: RULES,
      nodes: {},
    },
    metrics: null,
    pages: BUILT_PAGES,
    log: SILENT,
    run: runWeb,
  });
  server = await web.listen(testPorts());
  url = `https://127.0.0.1:${server.port}`;
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true });
});

describe('a browser', () => {
  it('that has the .p12 of srrctl pki is let in, and told who it is', async () => {
    const certificate = { origin: url, pfxPath: jane.pkcs12, passphrase: jane.password };
    const tab = await openTab(browser, { ignoreHTTPSErrors: true, clientCertificates: [certificate] });
    await tab.page.goto(url);
    await untilLive(tab);
    await tab.page.getByText('CN=jane').first().waitFor();
    await tab.page.getByText('operator', { exact: true }).first().waitFor();
    await tab.page.context().close();
    expect(tab.mistakes).toEqual([]);
  });

  it('that has none is shown nothing', async () => {
    const { page } = await openTab(browser, { ignoreHTTPSErrors: true });
    await expect(page.goto(url)).rejects.toThrow(/net::ERR_/);
    await page.context().close();
  });
});

it('NSS, from which Firefox and Chromium take their certificates, imports the .p12 and finds it valid', async () => {
  const database = `sql:${folder}`;
  const nothing = join(folder, 'no-password');
  writeFileSync(nothing, '\n');
  const nss = promisify(execFile);
  await nss('certutil', ['-N', '-d', database, '--empty-password']);
  await nss('pk12util', ['-i', jane.pkcs12, '-d', database, '-k', nothing, '-W', jane.password]);
  const { stdout: keys } = await nss('certutil', ['-K', '-d', database, '-f', nothing]);
  expect(keys).toContain('jane');
  const authority = join(folder, 'pki', 'ca.crt');
  await nss('certutil', ['-A', '-d', database, '-n', 'the cluster', '-t', 'T,,', '-i', authority, '-f', nothing]);
  const { stdout: verdict } = await nss('certutil', ['-V', '-d', database, '-n', 'jane', '-u', 'C', '-f', nothing]);
  expect(verdict).toContain('certificate is valid');
});
