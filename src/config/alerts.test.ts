import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfiguration } from './index.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-alerts-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function load(alerts: string) {
  writeFileSync(join(folder, 'srrd.yaml'), `alerts:\n${alerts}\n`);
  return loadConfiguration(join(folder, 'srrd.yaml')).alerts;
}

test('each way has its defaults, and a name', () => {
  const alerts = load(`
  - mail: { to: [ops@example.org], from: srrd@example.org }
  - { name: pager, severity: critical, kinds: [member], webhook: { url: "https://x.example/", tokenFile: token } }
  - syslog: {}
  - snmp: { to: "10.0.0.9:162" }
  - command: [/bin/true, "; x"]`);
  expect(alerts).toEqual([
    {
      ...{ name: 'mail-1', kinds: null, severity: 'warning' },
      by: { type: 'mail', to: ['ops@example.org'], from: 'srrd@example.org', sendmail: '/usr/sbin/sendmail' },
    },
    {
      ...{ name: 'pager', kinds: ['member'], severity: 'critical' },
      by: { type: 'webhook', url: 'https://x.example/', tokenFile: join(folder, 'token'), caFile: null },
    },
    {
      name: 'syslog-3',
      kinds: null,
      severity: 'warning',
      by: { type: 'syslog', socket: '/dev/log', facility: 'daemon' },
    },
    {
      name: 'snmp-4',
      kinds: null,
      severity: 'warning',
      by: { type: 'snmp', to: '10.0.0.9:162', configurationFolder: null },
    },
    { name: 'command-5', kinds: null, severity: 'warning', by: { type: 'command', argv: ['/bin/true', '; x'] } },
  ]);
});

test.each([
  ['- {}', 'expected exactly one of command, mail, webhook, snmp, syslog'],
  ['- { syslog: {}, snmp: { to: x } }', 'expected exactly one of'],
  ['- command: [true]', 'alerts'],
  ['- command: [bin/true]', 'absolute path of a program first'],
  ['- mail: { to: ["-oQ/tmp@example.org"], from: a@example.org }', 'a mail address such as'],
  ['- mail: { to: ["a@example.org, b@example.org"], from: a@example.org }', 'a mail address such as'],
  ['- snmp: { to: "-Cx" }', 'an address such as 10.0.0.9:162'],
  ['- webhook: { url: "file:///etc/passwd" }', 'a URL that begins with'],
  ['- webhook: { url: "htps://ops:hunter2@x.example/" }', 'https:// or http://, got other text'],
  ['- { syslog: {}, severity: loud }', 'expected one of info, warning, critical'],
  ['- { name: a, syslog: {} }\n  - { name: a, syslog: {} }', 'expected each name once'],
])('%s is refused', (entry, why) => {
  expect(() => load(`  ${entry}`)).toThrow(why);
});

test('a program that anybody may change is refused, as a Makefile is', () => {
  const program = join(folder, 'program');
  writeFileSync(program, '');
  expect(load(`  - command: [${program}]`)).toHaveLength(1);
  chmodSync(program, 0o777);
  expect(() => load(`  - command: [${program}]`)).toThrow(/alerts: .*program has mode 0777/);
});
