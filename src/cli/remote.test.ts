import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadClientFile } from '../config/index.js';
import type { CommandRequest } from '../http/index.js';
import { TestLive, testControl } from '../http/testing.js';
import { type TestWeb, testWeb } from '../http/testing-web.js';
import { type TestHolder, testCa } from '../http/tls/testing.js';
import { orderNamed } from '../tables/index.js';
import { begin, run, TWO_NODES } from './testing.js';

const requests: CommandRequest[] = [];
let web: TestWeb;
let clientFile: string;
const at = (name: string) => join(web.folder, name);

beforeAll(async () => {
  const command = (request: CommandRequest) => {
    requests.push(request);
    return Promise.resolve({ outcome: 'done' as const, text: 'WEB moves to beta' });
  };
  const { live } = new TestLive(() => TWO_NODES);
  // Its certificate is of CN=node, and of 127.0.0.1.
  web = await testWeb({ ports: { control: testControl(() => TWO_NODES, { command }), live } });
  hold('jane', web.ca.issueClient(['CN=jane', 'OU=operator']));
  clientFile = write('srrctl.yaml', clientText());
});
afterAll(() => web.close());

const clientText = (more = '', port = web.port) =>
  `cert: jane.crt\nkey: jane.key\nca: ca.pem\nnodes:\n  node: 127.0.0.1:${port}\n${more}`;

function write(name: string, text: string, mode = 0o600): string {
  writeFileSync(at(name), text);
  chmodSync(at(name), mode);
  return at(name);
}

function hold(name: string, { cert, key }: TestHolder): void {
  write(`${name}.crt`, cert);
  write(`${name}.key`, key);
}

const asked = (...args: string[]) => run('--client', clientFile, '--node', 'node', ...args);

test('the same commands over the network, as the holder of a certificate', async () => {
  expect(await asked('status')).toMatchObject({ code: 0, out: expect.stringContaining('WEB      -      stopped 100') });
  expect(JSON.parse((await asked('status', '--json')).out)).toEqual(TWO_NODES);
  expect((await asked('session')).out).toContain('CN=jane');
  expect(await asked('service', 'move', 'WEB', 'beta')).toEqual({ code: 0, out: 'WEB moves to beta\n', err: '' });
  expect(requests).toMatchObject([{ order: orderNamed('move', 'WEB'), target: 'beta' }]);
});

test('doctor asks the other node to examine itself', async () => {
  expect(await asked('doctor')).toMatchObject({ code: 0 });
});

test('the options may stand behind the command, unless it has one of that name', async () => {
  const behind = await run('status', '--node', 'node', '--client', clientFile);
  expect(behind).toMatchObject({ code: 0, out: expect.stringContaining('WEB') });
  const filtered = await asked('events', '--node', 'beta', '--json');
  expect(filtered).toEqual({ code: 0, out: '', err: '' });
});

test('--url needs no client file', async () => {
  const given = ['--cert', at('jane.crt'), '--key', at('jane.key'), '--ca', at('ca.pem')];
  const url = `https://127.0.0.1:${web.port}`;
  expect((await run('--client', clientFile, '--url', url, 'session')).out).toContain('operator');
  vi.stubEnv('XDG_CONFIG_HOME', web.folder);
  expect((await run('--url', url, 'session')).out).toContain('operator');
  vi.stubEnv('XDG_CONFIG_HOME', at('none'));
  expect((await run('--url', url, ...given, 'session')).out).toContain('operator');
  vi.unstubAllEnvs();
});

test('what a role may not do is refused with 1, as over the socket', async () => {
  expect(await asked('definition', 'delete', 'WEB')).toMatchObject({ code: 1, err: expect.stringContaining('admin') });
});

test('watch goes on until it is ended', async () => {
  const watching = begin(['--client', clientFile, '--node', 'node', 'watch']);
  await vi.waitFor(() => expect(watching.out).toContain('WEB'), { timeout: 60_000 });
  watching.stop();
  expect(await watching.code).toBe(0);
});

test('the names of the client file complete --node', async () => {
  vi.stubEnv('XDG_CONFIG_HOME', web.folder);
  expect((await run('__complete', '--', '--node', 'no')).out).toBe('node\n');
  vi.unstubAllEnvs();
});

test.each([
  [['--node', 'beta', 'status'], /--node beta: expected a node of the client file: .*srrctl\.yaml has node\./],
  [['--node', 'constructor', 'status'], /--node constructor: expected a node of the client file: /],
  [['--node', 'node', '--url', 'https://127.0.0.1', 'status'], /one of --socket, --node and --url/],
  [['--socket', '/x', 'status', '--node', 'node'], /one of --socket, --node and --url/],
  [['--url', 'http://127.0.0.1:8443', 'status'], /expected https:\/\/HOST:PORT .* got http:/],
  [['--url', 'https://127.0.0.1:8443/api', 'status'], /expected https:\/\/HOST:PORT/],
  [['--node', 'node', 'pki', 'list'], /pki list is about files of this machine/],
  [['--node', 'node', 'service', 'try', '.'], /service try is about files of this machine/],
  [['--node', 'node', 'trust', 'status'], /trust status is about files/],
  [['--node', 'node', 'doctor', '--config', '/x'], /--config .* for this machine/],
])('%j is wrong usage', async (args, why) => {
  const { code, err } = await run('--client', clientFile, ...args);
  expect([code, err]).toEqual([2, expect.stringMatching(why)]);
});

test.each([
  ['an unknown key', () => clientText('colour: red\n'), /colour: unknown key, expected one of cert, key, ca, nodes/],
  ['an address without port', () => clientText('  beta: 10.0.0.2\n'), /nodes\.beta: expected HOST:PORT/],
  ['no YAML', () => 'nodes: {', /not valid YAML/],
  ['no key', () => clientText().replace('key: jane.key\n', ''), /expected key: .* says nothing of it\. Give --key/],
  ['a key that is not there', () => clientText().replace('jane.key', 'none.key'), /none\.key cannot be read: .*ENOENT/],
  ['another key', () => clientText().replace('jane.key', 'other.key'), /other\.key is not the key of .*jane\.crt/],
  [
    'a key that others may read',
    () => clientText().replace('jane.key', 'open.key'),
    /got 0644: .*chmod 600 .*open\.key/,
  ],
  ['no certificate', () => clientText().replace('jane.crt', 'jane.key'), /jane\.key: expected a certificate in PEM/],
  ['no key but a certificate', () => clientText().replace('jane.key', 'jane.crt'), /jane\.crt: expected a private key/],
  ['no authority', () => clientText().replace('ca.pem', 'jane.crt'), /expected certificates of authorities .*CN=jane/],
  ['a certificate that has ended', () => clientText().replace('jane.crt', 'old.crt'), /old\.crt has ended .*new one/],
])('a client file with %s is refused with a sentence', async (_what, text, why) => {
  write('other.key', otherKey);
  write('open.key', 'x', 0o644);
  const past = { from: new Date(Date.now() - 2 * DAY_MS), to: new Date(Date.now() - DAY_MS) };
  write('old.crt', web.ca.issue(['CN=jane'], past).cert);
  const { code, err } = await run('--client', write('wrong.yaml', text()), '--node', 'node', 'status');
  expect([code, err]).toEqual([2, expect.stringMatching(why)]);
});

test('a client file that anybody may change is refused, and so is one that is not there', async () => {
  const open = write('open.yaml', clientText(), 0o666);
  expect(await run('--client', open, '--node', 'node', 'status')).toMatchObject({
    code: 2,
    err: expect.stringContaining(`chmod o-w ${open}`),
  });
  expect(await run('--client', at('none.yaml'), '--node', 'node', 'status')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/none\.yaml: cannot be read/),
  });
  vi.stubEnv('XDG_CONFIG_HOME', at('none'));
  expect((await run('--node', 'node', 'status')).err).toMatch(/there is neither .*none\/srrctl\.yaml nor \/etc\/srrd/);
  vi.unstubAllEnvs();
});

test('a node is believed for its address or its name, and for an authority of ours', async () => {
  mkdirSync(at('strange'), { recursive: true });
  write('strange/ca.pem', testCa('stranger').cert);
  const strange = await asked('--ca', at('strange/ca.pem'), 'status');
  expect(strange).toMatchObject({ code: 3, err: expect.stringMatching(/node \(127.*not to be trusted: .*authority/) });
  const named = (name: string) => write('named.yaml', clientText(`  ${name}: localhost:${web.port}\n`));
  expect(await run('--client', named('node2'), '--node', 'node2', 'status')).toMatchObject({
    code: 3,
    err: expect.stringContaining('the certificate there is of node, not of node2 or localhost'),
  });
  const known = write('known.yaml', clientText().replace('127.0.0.1', 'localhost'));
  expect(await run('--client', known, '--node', 'node', 'session')).toMatchObject({ code: 0 });
});

test('nobody there, or somebody else: exit code 3, and what to look at', async () => {
  const plain = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
  await new Promise((resolve) => plain.once('listening', resolve));
  const { port } = plain.address() as AddressInfo;
  const to = (port: number) => run('--client', write('to.yaml', clientText('', port)), '--node', 'node', 'status');
  expect(await to(port)).toMatchObject({ code: 3, err: expect.stringContaining('does not speak TLS as srrd does') });
  await new Promise((resolve) => plain.close(resolve));
  expect(await to(port)).toMatchObject({
    code: 3,
    err: expect.stringContaining(`no srrd at node (127.0.0.1:${port}): nothing listens there`),
  });
});

test('the client file in docs/srrctl.md is taken as it is', () => {
  const page = readFileSync(new URL('../../docs/srrctl.md', import.meta.url), 'utf8');
  const [, text = ''] = /```yaml\n([^`]+)```/.exec(page) ?? [];
  expect(loadClientFile(write('page.yaml', text))).toMatchObject({
    cert: at('srrctl/jane.crt'),
    nodes: { alpha: { host: '10.0.0.1', port: 8443 }, beta: { host: 'beta.example.org', port: 8443 } },
  });
});

const DAY_MS = 24 * 3600 * 1000;

const otherKey = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`;
