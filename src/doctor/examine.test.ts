import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
    ...['configuration', 'definitions', 'vty', 'version', 'ospfConfiguration', 'instance', 'interfaces', 'neighbours'],
    ...['lsdb', 'announcements', 'bfd', 'configuredAddresses', 'savedLines', 'listening', 'firewall', 'kernel'],
    ...['programs', 'clock', 'daemon'],
  ].map((name) => [name, unknown('it was not there', 'change')]),
) as unknown as Facts;

test('each look that failed is a finding, and no check throws', () => {
  const { findings } = judge(NOTHING);
  expect(findings).toHaveLength(Object.keys(NOTHING).length);
  for (const { text } of findings) expect(text).toContain('it was not there');
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
