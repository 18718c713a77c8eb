import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { NAME_EXPECTED } from '../model/index.js';
import { ConfigurationError, loadConfiguration } from './index.js';
import { problemSentence } from './problems.js';

const folder = mkdtempSync(join(tmpdir(), 'srrd-configuration-'));
const file = join(folder, 'srrd.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

function load(text: string) {
  writeFileSync(file, text);
  return loadConfiguration(file);
}

function problems(text: string): readonly string[] {
  try {
    load(text);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(problemSentence);
    throw error;
  }
  return [];
}

const FULL = `
cluster: shop
node: { name: alpha }
ospf: { host: 127.0.0.2, port: 2700 }
vty:
  socketDir: /var/run/frr/alpha
  configDir: /etc/frr/alpha
  zebra: { host: 127.0.0.3, port: 2701, password: zebra, enablePassword: secret }
  ospfd: { password: "1234" }
  mgmtd: {}
web: { listen: "0.0.0.0:8443", advertise: "10.0.0.1:8443", tls: { cert: tls/cert.pem, key: /etc/key.pem, ca: [ca.pem], crl: [crl.pem] }, access: [{ subject: "CN=anna,O=Shop", role: admin }, { fingerprint: ${'ab'.repeat(32)}, role: viewer }], nodes: { 10.0.0.2: "10.0.0.2:8443" } }
socket: /run/alpha/srrd.sock
stateDir: /var/lib/alpha
servicesDir: services
timing: { joinHold: 500ms, stampRefresh: 1m, aliasLease: 5s, recallDelay: 100ms }
onIsolation: keep
remoteCommands: false
metrics: { listen: "127.0.0.1:9999" }
alerts: [{ syslog: { socket: log } }]
trust: require
announce: stub
trustDir: keys
`;

const LISTEN = 'listen: "127.0.0.1:8443"';
const TLS = `${LISTEN}, tls: { cert: c, key: k, ca: [a] }`;

describe('the configuration', () => {
  it('with very many keys is refused before it is parsed', () => {
    const keys = Array.from({ length: 80_000 }, (_, index) => `k${index}: 1\n`).join('');
    expect(problems(keys)).toEqual([expect.stringMatching(/has \d+ bytes, at most 262144 are read/)]);
    expect(problems(keys.slice(0, 200_000))).toEqual([expect.stringMatching(/has more than some 2500 keys/)]);
  });

  it.each(['{}', '', '# nothing but a comment\n', 'ospf:\ntiming:\n'])('%j gives the defaults', (text) => {
    expect(load(text)).toEqual({
      cluster: 'default',
      node: { name: hostname() },
      ospf: { host: '127.0.0.1', port: 2607 },
      vty: {
        socketDir: '/var/run/frr',
        configDir: '/etc/frr',
        zebra: { kind: 'unix', path: '/var/run/frr/zebra.vty' },
        ospfd: { kind: 'unix', path: '/var/run/frr/ospfd.vty' },
        mgmtd: { kind: 'unix', path: '/var/run/frr/mgmtd.vty' },
      },
      web: null,
      alerts: [],
      socket: '/run/srrd/srrd.sock',
      stateDir: '/var/lib/srrd',
      servicesDir: '/etc/srrd/services',
      timing: { joinHoldMs: 2000, stampRefreshMs: 30_000, aliasLeaseMs: 3000, recallDelayMs: 1000 },
      onIsolation: 'stop',
      remoteCommands: true,
      trust: 'off',
      trustDir: '/etc/srrd/trust',
      announce: 'auto',
      metrics: null,
    });
  });

  it('takes every key, and paths relative to its own folder', () => {
    expect(load(FULL)).toEqual({
      cluster: 'shop',
      node: { name: 'alpha' },
      ospf: { host: '127.0.0.2', port: 2700 },
      vty: {
        socketDir: '/var/run/frr/alpha',
        configDir: '/etc/frr/alpha',
        zebra: { kind: 'tcp', host: '127.0.0.3', port: 2701, password: 'zebra', enablePassword: 'secret' },
        ospfd: { kind: 'tcp', host: '127.0.0.1', port: 2604, password: '1234', enablePassword: '1234' },
        mgmtd: { kind: 'unix', path: '/var/run/frr/alpha/mgmtd.vty' },
      },
      web: {
        listen: { host: '0.0.0.0', port: 8443 },
        advertise: { host: '10.0.0.1', port: 8443 },
        tls: {
          cert: join(folder, 'tls/cert.pem'),
          key: '/etc/key.pem',
          ca: [join(folder, 'ca.pem')],
          crl: [join(folder, 'crl.pem')],
        },
        access: [
          {
            by: 'subject',
            attributes: [
              { type: 'CN', value: 'anna' },
              { type: 'O', value: 'Shop' },
            ],
            role: 'admin',
          },
          { by: 'fingerprint', fingerprint: Array(32).fill('AB').join(':'), role: 'viewer' },
        ],
        nodes: { '10.0.0.2': { host: '10.0.0.2', port: 8443 } },
      },
      socket: '/run/alpha/srrd.sock',
      stateDir: '/var/lib/alpha',
      servicesDir: join(folder, 'services'),
      timing: { joinHoldMs: 500, stampRefreshMs: 60_000, aliasLeaseMs: 5000, recallDelayMs: 100 },
      onIsolation: 'keep',
      remoteCommands: false,
      metrics: { listen: { host: '127.0.0.1', port: 9999 } },
      alerts: [
        {
          name: 'syslog-1',
          kinds: null,
          severity: 'warning',
          by: { type: 'syslog', socket: join(folder, 'log'), facility: 'daemon' },
        },
      ],
      trust: 'require',
      trustDir: join(folder, 'keys'),
      announce: 'stub',
    });
  });

  it('lists all problems with line, key, what was expected and what was found', () => {
    const text = 'osfp: 1\nospf:\n  port: 99999\n  hots: x\ntiming: { joinHold: 2 }\nremoteCommands: yes\n';
    expect(problems(text)).toEqual([
      expect.stringMatching(
        /^line 1: osfp: unknown key, expected one of cluster, node, ospf, .*, remoteCommands, trust, trustDir, announce$/,
      ),
      'line 3: ospf.port: expected an integer from 1 to 65535, got 99999',
      'line 4: ospf.hots: unknown key, expected one of host, port',
      'line 5: timing.joinHold: expected a duration from 0s to 500h such as 500ms, 10s, 2m or 1h, got 2',
      expect.stringMatching(/^line 6: remoteCommands: expected true, false, a list of commands, .*, got "yes"$/),
    ]);
  });

  it('names the file in every line of the message', () => {
    writeFileSync(file, 'a: 1\nb: 2\n');
    expect(() => loadConfiguration(file)).toThrow(`${file}: line 1: a: unknown key`);
    expect(() => loadConfiguration(file)).toThrow(`\n${file}: line 2: b: unknown key`);
  });

  it.each([
    ['cluster: "a b"', `cluster: expected ${NAME_EXPECTED}, got "a b"`],
    ['cluster: constructor', `cluster: expected ${NAME_EXPECTED}, got "constructor"`],
    ['node: { name: 10.0.0.1 }', 'node.name: expected a name that is not a router ID'],
    ['ospf: { host: localhost }', 'ospf.host: expected an IPv4 address such as 10.0.0.1, got "localhost"'],
    ['ospf: { host: 10.0.0.256 }', 'ospf.host: expected an IPv4 address'],
    ['ospf: 127.0.0.1', 'ospf: expected a section with keys of host, port, got "127.0.0.1"'],
    ['[]', 'the file: expected a section with keys of cluster,'],
    ['vty: { zebra: { port: 2601 } }', 'vty.zebra: expected a password, because the UNIX socket'],
    ['web: { listen: "0.0.0.0:8443" }', 'web.listen: expected a loopback address'],
    ['web: {}', 'web.listen: expected ADDRESS:PORT such as 127.0.0.1:8443, got nothing'],
    ['web: { listen: "127.0.0.1:0" }', 'web.listen: expected ADDRESS:PORT'],
    [`web: { ${LISTEN}, tls: { cert: c, key: k } }`, 'web.tls.ca: expected a list of paths, got nothing'],
    [`web: { ${LISTEN}, tls: { cert: c, key: k, ca: [] } }`, 'web.tls.ca: expected one path at least'],
    [`web: { ${LISTEN}, access: [] }`, 'web.access: expected no rules, because web.tls is missing'],
    [`web: { ${LISTEN}, nodes: {} }`, 'web.nodes: expected no nodes, because web.tls is missing'],
    [`web: { ${TLS}, nodes: { beta: "10.0.0.2:8443" } }`, 'web.nodes.beta: expected router IDs and addresses'],
    [`web: { ${TLS}, nodes: { 10.0.0.2: beta } }`, 'web.nodes.10.0.0.2: expected ADDRESS:PORT'],
    [
      `web: { ${TLS}, access: [{ subject: anna, role: admin }] }`,
      'web.access.0.subject: expected a subject such as CN=',
    ],
    [`web: { ${TLS}, access: [{ fingerprint: ab, role: admin }] }`, 'web.access.0.fingerprint: expected the SHA-256'],
    [`web: { ${TLS}, access: [{ subject: CN=a, role: root }] }`, 'web.access.0.role: expected one of viewer, operator'],
    [`web: { ${TLS}, access: [{ role: admin }] }`, 'web.access.0: expected either a subject or a fingerprint'],
    [`web: { ${TLS}, access: [{ subject: CN=a }] }`, 'web.access.0.role: expected one of viewer, operator, admin'],
    ['timing: { recallDelay: 0s }', 'timing.recallDelay: expected a duration from 10ms'],
    ['timing: { joinHold: 501h }', 'timing.joinHold: expected a duration from 0s to 500h'],
    ['timing: { joinHold: never }', 'timing.joinHold: expected a duration'],
    ['timing: { aliasLease: 2500ms }', 'timing.aliasLease: expected whole seconds, 2s or more, got "2500ms"'],
    ['onIsolation: maybe', 'onIsolation: expected one of stop, keep, got "maybe"'],
    [`socket: /${'x'.repeat(107)}`, 'socket: expected a path of at most 107 bytes'],
    ['stateDir: ""', 'stateDir: expected the path of a file or folder, got ""'],
    ['stateDir: 7', 'stateDir: expected the path of a file or folder, got 7'],
    ['__proto__: { a: 1 }', 'not valid YAML: expected a key other than __proto__'],
  ])('refuses %s', (text, problem) => {
    expect(problems(text)).toEqual([expect.stringContaining(`line 1: ${problem}`)]);
  });

  it('accepts a web server without TLS on loopback', () => {
    expect(load('web: { listen: "127.0.0.1:8080" }').web).toEqual({
      listen: { host: '127.0.0.1', port: 8080 },
      advertise: null,
      tls: null,
      access: [],
      nodes: {},
    });
  });

  it.each([
    ['0.0.0.0:8443', null],
    ['127.0.0.1:8443', null],
    ['10.0.0.1:8443', { host: '10.0.0.1', port: 8443 }],
  ])('listening on %s advertises %j', (listen, advertise) => {
    expect(load(`web: { listen: "${listen}", tls: { cert: c, key: k, ca: [a] } }`).web?.advertise).toEqual(advertise);
  });

  it('does not repeat a password in a message', () => {
    const text = problems('vty: { zebra: { password: 47114711 } }').join();
    expect(text).toContain('vty.zebra.password: expected text, in quotes');
    expect(text).not.toContain('4711');
  });

  it('refuses what is not YAML, naming the line', () => {
    expect(problems('cluster: a\ncluster: b\n')).toEqual([expect.stringMatching(/^line 2: not valid YAML: .*unique/)]);
    expect(problems('a: [1\nb: 2')).not.toEqual([]);
    expect(problems('a: 1\n---\nb: 2\n')).not.toEqual([]);
  });

  it('refuses aliases that expand without end', () => {
    const level = (index: number) =>
      `l${index}: &l${index} [${Array(10)
        .fill(`*l${index - 1}`)
        .join(', ')}]`;
    const text = ['l0: &l0 [x, x]', ...Array.from({ length: 9 }, (_, index) => level(index + 1))].join('\n');
    expect(problems(text)).toEqual([expect.stringContaining('not valid YAML')]);
  });

  it('that cannot be read is a problem like any other', () => {
    expect(() => loadConfiguration(join(folder, 'none.yaml'))).toThrow(
      `${join(folder, 'none.yaml')}: cannot be read: ENOENT: no such file or directory`,
    );
  });

  it('that anybody may change, or that is no UTF-8, is refused', () => {
    const file = join(folder, 'srrd.yaml');
    writeFileSync(file, '{}\n');
    chmodSync(file, 0o666);
    expect(() => loadConfiguration(file)).toThrow(`${file} has mode 0666, so anybody may change what srrd runs`);
    chmodSync(file, 0o600);
    writeFileSync(file, Buffer.from('vty:\n  zebra: { password: "\xe4" }\n', 'latin1'));
    expect(() => loadConfiguration(file)).toThrow('line 2: expected UTF-8');
  });

  it('either loads or is refused, whatever the file holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `ospf: ${json}`),
        ),
        (text) => {
          problems(text);
        },
      ),
      { numRuns: 300 },
    );
  });
});

it('takes commands of other nodes as a list, or as one for each role', () => {
  const read = (rules: string) => load(`remoteCommands: ${rules}\n`).remoteCommands;
  expect(read('[move, group-move]')).toEqual(['move', 'group-move']);
  expect(read('{ admin: true }')).toEqual({ operator: false, admin: true });
  expect(read('{ operator: [check], admin: [stop] }')).toEqual({ operator: ['check'], admin: ['stop'] });
  for (const wrong of ['[fly]', '[status]', '{ viewer: true }', '{ operator: fly }', '[[move]]', '7', '{}'])
    expect(() => read(wrong), wrong).toThrow('remoteCommands: expected true, false, a list of commands');
});
