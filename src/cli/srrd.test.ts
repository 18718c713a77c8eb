import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runDaemon } from '../daemon/index.js';
import { lockStateDir } from '../files/index.js';
import { askDaemon } from './client.js';
import { atSocket } from './daemon-address.js';
import { srrctl } from './srrctl.js';
import { srrd } from './srrd.js';

let folder: string;
let configFile: string;
let socket: string;
let stateDir: string;
let lines: { level: number; msg: string }[];
let running: Promise<number> | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'srrd-'));
  configFile = join(folder, 'srrd.yaml');
  socket = join(folder, 'srrd.sock');
  stateDir = join(folder, 'state');
  lines = [];
  running = undefined;
});

afterEach(async () => {
  if (running !== undefined) process.emit('SIGTERM', 'SIGTERM');
  await running;
  rmSync(folder, { recursive: true });
});

/** A node whose FRR does not run: everything but the network is real. */
async function configure(more = ''): Promise<void> {
  const ospfPort = await closedPort();
  writeFileSync(
    configFile,
    `node: { name: alpha }
ospf: { port: ${ospfPort} }
vty: { socketDir: ${folder} }
socket: ${socket}
stateDir: ${stateDir}
servicesDir: ${folder}
${more}`,
  );
}

function define(name: string, text: string): void {
  const targets = 'activate deactivate start stop reload restart join leave failed status check';
  writeFileSync(join(folder, 'Makefile'), `${targets}:\n\t@echo $@ >> ${folder}/calls\n`);
  mkdirSync(join(stateDir, 'services'), { recursive: true });
  writeFileSync(join(stateDir, 'services', `${name}.yaml`), text);
}

const WEB = 'name: WEB\naddresses: [203.0.113.7]\nmakefile: Makefile\n';

function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Runs the daemon in this process until the end of the test, or until `end`. */
async function start(): Promise<void> {
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const createLog = () => ({ logger: pino({}, destination), drain: async () => {}, flushNow: () => {} });
  running = runDaemon({ configFile, softwareVersion: '1.2.3', createLog });
  await vi.waitFor(() => askDaemon({ address: atSocket(socket), method: 'GET', path: '/api/v1/status' }), {
    timeout: 120_000,
    interval: 20,
  });
}

/** Returns the exit code. */
async function end(signal: 'SIGTERM' | 'SIGINT'): Promise<number | undefined> {
  process.emit(signal, signal);
  const code = await running;
  running = undefined;
  return code;
}

async function run(program: typeof srrd | typeof srrctl, ...args: string[]) {
  const text = { out: '', err: '' };
  const output = {
    out: (part: string) => {
      text.out += part;
    },
    err: (part: string) => {
      text.err += part;
    },
  };
  return { code: await program(args, output), ...text };
}

test('help shows an example', async () => {
  const { code, out } = await run(srrd, '--help');
  expect([code, out]).toEqual([0, expect.stringContaining('srrd --config /etc/srrd/srrd.yaml')]);
});

test.each([[[]], [['--config']], [['--config', 'x', '--explode']], [['--config', 'x', 'y']]])(
  'wrong usage %j exits 2',
  async (args) => {
    const { code, err } = await run(srrd, ...args);
    expect(code).toBe(2);
    expect(err).toContain('srrd --help');
  },
);

test('a wrong configuration exits 2 and names file, key and what was expected', async () => {
  await configure('ospf_port: 7\n');
  const { code, err } = await run(srrd, '--config', configFile);
  expect(code).toBe(2);
  expect(err).toMatch(/srrd\.yaml: line \d+: ospf_port: unknown key/);
});

test('a missing configuration exits 2 and names the file', async () => {
  const { code, err } = await run(srrd, '--config', configFile);
  expect([code, err]).toEqual([2, expect.stringMatching(/srrd\.yaml: cannot be read: ENOENT/)]);
});

test('--check reads configuration and definitions, and starts nothing', async () => {
  await configure();
  define('WEB', WEB);
  expect(await run(srrd, '--config', configFile, '--check')).toMatchObject({
    code: 0,
    out: expect.stringContaining('node alpha of cluster default, services: WEB'),
  });
  define('WEB', `${WEB}preference: 256\n`);
  const { code, err } = await run(srrd, '--config', configFile, '--check');
  expect([code, err]).toEqual([2, expect.stringMatching(/WEB\.yaml: line 4: preference: /)]);
  expect(existsSync(socket)).toBe(false);
});

test('--check warns of what works and counts for nothing', async () => {
  await configure();
  define('MAIL', 'name: MAIL\nmakefile: Makefile\ngroup: SHOP\npreference: 50\n');
  define('WEB', 'name: WEB\nmakefile: Makefile\ngroup: SHOP\npreference: 150\n');
  const { code, err } = await run(srrd, '--config', configFile, '--check');
  expect([code, err]).toEqual([
    0,
    expect.stringMatching(/^srrd: warning: .*MAIL\.yaml: preference: expected 150, as WEB/),
  ]);
});

test('a state directory that another srrd uses is left to it', async () => {
  await configure();
  const lock = lockStateDir(stateDir);
  const { code, err } = await run(srrd, '--config', configFile);
  lock.release();
  expect([code, err]).toEqual([1, expect.stringContaining(`${stateDir} is in use by another srrd`)]);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it with 0 and leaves nothing behind', async (signal) => {
  await configure();
  define('WEB', WEB);
  await start();
  expect(await end(signal)).toBe(0);
  expect(existsSync(socket)).toBe(false);
  lockStateDir(stateDir).release();
  expect(lines.at(-1)?.msg).toBe('srrd has ended: everything is stopped and withdrawn');
});

test('it answers srrctl without any FRR', async () => {
  await configure();
  define('WEB', WEB);
  await start();
  expect((await run(srrctl, '--socket', socket, 'status')).out).toContain('no connection to ospfd');
  expect(await run(srrctl, '--socket', socket, 'service', 'start', 'NONE')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no service NONE is configured on alpha'),
  });
  expect(await run(srrctl, '--socket', socket, 'service', 'move', 'WEB', 'beta')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no node is called beta'),
  });
});

test('SIGHUP applies good definitions, keeps the old one of a bad file, and names changed keys', async () => {
  await configure();
  define('WEB', WEB);
  await start();
  define('WEB', `${WEB}preference: 256\n`);
  define('DNS', WEB.replace('WEB', 'DNS').replace('.7]', '.8]'));
  const started = readFileSync(configFile, 'utf8');
  writeFileSync(configFile, `${started}onIsolation: keep\nannounce: external\n`);
  process.emit('SIGHUP', 'SIGHUP');
  const start2 = () => run(srrctl, '--socket', socket, 'service', 'start', 'DNS');
  await vi.waitFor(async () => expect((await start2()).err).not.toContain('no service DNS'), { timeout: 120_000 });
  const told = () => lines.map(({ msg }) => msg).join('\n');
  await expect.poll(told).toMatch(/WEB\.yaml: line 4: preference: /);
  await expect.poll(told).toContain('the old definition stays in force: WEB');
  await expect.poll(told).toMatch(/changed, and in effect: onIsolation$/m);
  await expect.poll(told).toMatch(/in effect only after a restart: announce$/m);
  const shown = async () => (await run(srrctl, '--socket', socket, 'status')).out;
  await expect.poll(shown).toMatch(/in effect only after a restart: announce/);
  writeFileSync(configFile, started);
  process.emit('SIGHUP', 'SIGHUP');
  await expect.poll(shown).not.toContain('only after a restart');
  expect((await run(srrctl, '--socket', socket, 'service', 'start', 'WEB')).err).not.toContain('no service WEB');
});

test.each([
  ['alerts: { password: *hunter2 }', /srrd\.yaml: is not valid YAML: an alias \(/],
  ['vty: { ospfd: "hunter2" }', /srrd\.yaml: line \d+: vty\.ospfd \(/],
])(
  'neither status nor log repeats what is wrong in the configuration, where there may be a password: %s',
  async (line, told) => {
    await configure();
    await start();
    writeFileSync(configFile, `${readFileSync(configFile, 'utf8').replace(/^vty:.*\n/m, '')}${line}\n`);
    process.emit('SIGHUP', 'SIGHUP');
    const shown = async () => (await run(srrctl, '--socket', socket, 'status')).out;
    await expect.poll(shown).toMatch(told);
    expect(await shown()).not.toContain('hunter2');
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    expect((await run(srrd, '--config', configFile, '--check')).err).not.toContain('*hunter2');
  },
);

test('SIGHUP without the definitions folder changes nothing, and log, status and events say so', async () => {
  await configure();
  define('WEB', WEB);
  await start();
  const folderOfDefinitions = join(stateDir, 'services');
  const isKnown = async () =>
    !(await run(srrctl, '--socket', socket, 'service', 'check', 'WEB')).err.includes('no service');
  for (const [why, change] of [
    [/services: cannot be read: ENOENT/, () => renameSync(folderOfDefinitions, `${folderOfDefinitions}.away`)],
    [/services holds no definition any more/, () => mkdirSync(folderOfDefinitions)],
  ] as const) {
    change();
    process.emit('SIGHUP', 'SIGHUP');
    await vi.waitFor(() => expect(lines.map(({ msg }) => msg).join('\n')).toMatch(why), { timeout: 120_000 });
    expect(await isKnown()).toBe(true);
    expect((await run(srrctl, '--socket', socket, 'status')).out).toMatch(why);
    expect((await run(srrctl, '--socket', socket, 'events')).out).toMatch(why);
  }
});

test('a start without the definitions of services that ran says so, and what to do', async () => {
  await configure();
  mkdirSync(join(stateDir, 'replicas'), { recursive: true });
  mkdirSync(join(stateDir, 'running'), { recursive: true });
  writeFileSync(join(stateDir, 'running', 'WEB.json'), '{"notStopped":true,"highestClaim":3}');
  await start();
  const { out } = await run(srrctl, '--socket', socket, 'status');
  expect(out).toMatch(/services: cannot be read: ENOENT/);
  expect(out).toMatch(/WEB may be running from an earlier life/);
  define('WEB', WEB);
  process.emit('SIGHUP', 'SIGHUP');
  await vi.waitFor(() => expect(readFileSync(join(folder, 'calls'), 'utf8')).toContain('stop'), { timeout: 120_000 });
});

test('disable is written into the definition file', async () => {
  await configure();
  define('WEB', `# ours\n${WEB}autoActivate: false\n`);
  await start();
  const { code } = await run(srrctl, '--socket', socket, 'service', 'disable', 'WEB');
  expect(code).toBe(0);
  await expect
    .poll(() => readFileSync(join(stateDir, 'services', 'WEB.yaml'), 'utf8'))
    .toMatch(/# ours[\s\S]*enabled: false/);
});

test('a port of the web server that is taken keeps it from starting, and leaves nothing behind', async () => {
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, '127.0.0.1', () => {
      const address = taken.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await configure(`web: { listen: "127.0.0.1:${port}" }`);
  const { code, err } = await run(srrd, '--config', configFile);
  taken.close();
  expect(code).toBe(1);
  expect(err).toContain(`web.listen: another program listens on 127.0.0.1:${port}; end it`);
  expect(existsSync(socket)).toBe(false);
  lockStateDir(stateDir).release();
});

test('files of web.tls that are wrong exit 2, each named with its key', async () => {
  await configure('web: { listen: "127.0.0.1:8443", tls: { cert: none.pem, key: srrd.yaml, ca: [none.pem] } }');
  for (const args of [[], ['--check']]) {
    const { code, err } = await run(srrd, '--config', configFile, ...args);
    expect(code).toBe(2);
    expect(err).toContain(`${configFile}: web.tls.cert: ${folder}/none.pem: ENOENT`);
    expect(err).toContain(`${configFile}: web.tls.key: ${folder}/srrd.yaml: expected a private key in PEM`);
  }
});

test('a second signal is not what a page that asks twice gives', async () => {
  await configure();
  define('WEB', WEB);
  await start();
  const shutDown = () => askDaemon({ address: atSocket(socket), method: 'POST', path: '/api/v1/node/shutdown' });
  expect(await shutDown()).toEqual({ text: expect.stringContaining('srrd then ends') });
  await shutDown().catch((error: Error) => expect(error.message).toMatch(/ending already|does not answer|no daemon/));
  expect(await running).toBe(0);
  running = undefined;
  expect(lines.map(({ msg }) => msg)).toContainEqual(expect.stringContaining('local from the UNIX socket: POST'));
});
