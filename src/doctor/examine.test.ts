import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testDefinition } from '../cluster/testing.js';
import { examine, judge } from './examine.js';
import type { Facts } from './facts.js';
import { known, unknown } from './facts.js';
import { describeReport } from './report.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-doctor-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A machine without FRR. */
function look(configuration: string) {
  const configFile = join(folder, 'srrd.yaml');
  writeFileSync(configFile, configuration);
  const askDaemon = () => Promise.reject(new Error('no daemon here'));
  return examine({ configFile, frrDirectory: folder, askDaemon });
}

test('without FRR and srrd it says so, and what to do', async () => {
  const report = await look(`vty: { socketDir: ${folder} }\nstateDir: ${folder}\nospf: { port: 1 }\n`);
  expect(report.level).toBe('broken');
  const broken = report.findings.filter(({ level }) => level === 'broken').map(({ check }) => check);
  expect(broken).toEqual(expect.arrayContaining(['ospf-api', 'vty', 'srrd']));
  const text = describeReport(report);
  expect(text).toContain('      ospfd=yes\n');
  expect(text.indexOf('BROKEN')).toBeLessThan(text.indexOf('FINE'));
});

test('without a configuration it says what is wrong with it once, and looks at the rest', async () => {
  const { findings } = await look('explode: 7\n');
  expect(findings.filter(({ text }) => text.includes('explode'))).toHaveLength(1);
  expect(findings.map(({ check }) => check)).toContain('programs');
});

const NOTHING = Object.fromEntries(
  [
    ...[
      'configuration',
      'readableSecrets',
      'definitions',
      'vty',
      'version',
      'ospfConfiguration',
      'instance',
      'interfaces',
      'neighbours',
    ],
    ...['lsdb', 'announcements', 'bfd', 'configuredAddresses', 'savedLines', 'listening', 'firewall', 'kernel'],
    ...['programs', 'clock', 'certificates', 'daemon'],
  ].map((name) => [name, unknown('it was not there', 'change')]),
) as unknown as Facts;

test('each look that failed is a finding, and no check throws', () => {
  const { findings } = judge(NOTHING);
  expect(findings).toHaveLength(Object.keys(NOTHING).length);
  for (const { text } of findings) expect(text).toContain('it was not there');
});

const DAY_MS = 24 * 3600_000;

test.each([
  [-1, 'broken', 'has ended'],
  [20.5, 'change', 'in 20 days'],
  [31, 'fine', 'more than 30 days'],
] as const)('a certificate that lasts %s days', (days, level, text) => {
  const validTo = new Date(Date.now() + days * DAY_MS).toUTCString();
  const { findings } = judge({ ...NOTHING, certificates: known([{ key: 'cert', file: '/x', validTo }]) });
  const finding = findings.find(({ check }) => check === 'certificates');
  expect(finding).toMatchObject({ level, text: expect.stringContaining(text) });
});

test('a clock that is years behind is told, whoever synchronises it', () => {
  const { findings } = judge({ ...NOTHING, clock: known({ nowMs: 86_400_000, synchronised: true }) });
  const finding = findings.find(({ check }) => check === 'clock');
  expect(finding).toMatchObject({ level: 'change', text: expect.stringContaining('1970-01-02') });
});

test('preferences that count for nothing are told', () => {
  const accepted = [50, 150].map((preference) =>
    testDefinition(`AT-${preference}`, { group: 'SHOP', critical: false, preference }),
  );
  const { findings } = judge({ ...NOTHING, definitions: known({ accepted, errors: [], serviceOf: new Map() }) });
  expect(findings.find(({ check }) => check === 'definitions')).toMatchObject({
    level: 'change',
    text: expect.stringContaining('AT-50: preference: expected 150'),
  });
});

test('certificates that cannot be read are named', async () => {
  const tls = `tls: { cert: ${folder}/none, key: ${folder}/none, ca: [${folder}/none] }`;
  const { findings } = await look(`web: { listen: "127.0.0.1:1", ${tls} }\n`);
  const finding = findings.find(({ check }) => check === 'unknown-certificates');
  expect(finding).toMatchObject({ level: 'broken', text: expect.stringContaining(`web.tls.cert: ${folder}/none`) });
});

test.each([
  ['7.5.1', 7, 5, 'change'],
  ['8.4.4', 8, 4, 'fine'],
  ['10.3', 10, 3, 'fine'],
] as const)('FRR %s', (text, major, minor, level) => {
  const { findings } = judge({ ...NOTHING, version: known({ text, major, minor }) });
  expect(findings.find(({ check }) => check === 'frr-version')).toMatchObject({
    level,
    text: expect.stringContaining(text),
  });
});
