import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Primitive, ServiceDefinition } from '../model/index.js';
import { serviceStateDir } from './environment.js';
import { processStat } from './process-group.js';
import { PrimitiveRunner } from './runner.js';
import { definitionOf, requestFor, until } from './testing.js';

const MAKEFILE = resolve(import.meta.dirname, '../../services/nginx/Makefile');
const PORT = '8093';

let stateDir: string;
let runner: PrimitiveRunner;
const used: ServiceDefinition[] = [];
const strangers: ChildProcess[] = [];

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'srrd-nginx-'));
  chmodSync(stateDir, 0o755);
  runner = new PrimitiveRunner({ node: { name: 'alpha', cluster: 'default' }, stateDir });
});

afterEach(async () => {
  for (const definition of used.splice(0)) await run(definition, 'stop');
  for (const stranger of strangers.splice(0)) stranger.kill('SIGKILL');
  await runner.stop();
  await rm(stateDir, { recursive: true, force: true });
});

test('a whole life: every primitive does what it promises', async () => {
  const [first, second] = [loopback(), loopback()];
  const web = nginx({ addresses: [first, second] });
  expect(await results(web, ['activate', 'stop', 'start', 'check'])).toEqual(['ok', 'ok', 'ok', 'ok']);
  for (const address of [first, second]) {
    expect(await page(address)).toContain('WEB is served by <b>alpha</b>');
  }
  expect(await output(web, 'status')).toMatch(/^nginx runs, PID \d+, for \d+ s, on /);
  expect(await results(web, ['join', 'leave', 'reload', 'check', 'restart', 'check'])).toEqual(Array(6).fill('ok'));
  expect(await results(web, ['stop', 'stop', 'deactivate', 'failed'])).toEqual(Array(4).fill('ok'));
  await expect(page(first)).rejects.toThrow();
  expect(await output(web, 'status')).toBe('nginx does not run\n');
  expect(await run(web, 'check')).toMatchObject({ reason: `http://${first}:${PORT}/: no connection` });
  expect(await run(web, 'reload')).toMatchObject({ reason: 'nginx does not run' });
});

test('start of what runs keeps the one that runs', async () => {
  const web = nginx();
  await run(web, 'start');
  const master = masterOf(web);
  expect(await run(web, 'start')).toMatchObject({ result: 'succeeded' });
  expect(masterOf(web)).toBe(master);
});

test('two services on one port do not meet: each stops its own', async () => {
  const [web, shop] = [nginx({ name: 'WEB' }), nginx({ name: 'SHOP' })];
  expect(await results(web, ['start'])).toEqual(['ok']);
  expect(await results(shop, ['start'])).toEqual(['ok']);
  expect(await results(web, ['stop'])).toEqual(['ok']);
  expect(await page(shop.addresses[0]!)).toContain('SHOP is served');
  expect(await results(shop, ['check'])).toEqual(['ok']);
});

test('a folder is served, and reload takes another one', async () => {
  const [old, recent] = [folderWith('index.html', 'old page'), folderWith('index.html', 'recent page')];
  const web = nginx({ variables: { PORT, ROOT: old } });
  expect(await results(web, ['activate', 'start', 'check'])).toEqual(['ok', 'ok', 'ok']);
  expect(await page(web.addresses[0]!)).toBe('old page');
  const changed = { ...web, variables: { PORT, ROOT: recent } };
  expect(await results(changed, ['reload'])).toEqual(['ok']);
  let body = '';
  // The old worker may take one more connection before the new one does.
  while (body !== 'recent page') body = await page(web.addresses[0]!);
});

test('a page that is refused fails the check', async () => {
  const web = nginx({ variables: { PORT, ROOT: folderWith('other.html', 'page') } });
  await run(web, 'start');
  expect(await run(web, 'check')).toMatchObject({ reason: expect.stringMatching(/: HTTP\/1\.1 403 Forbidden$/) });
  const path = { ...web, variables: { ...web.variables, CHECK_PATH: '/other.html' } };
  expect(await results(path, ['check'])).toEqual(['ok']);
});

test('a web server that hangs fails the check, and stops all the same', { timeout: 90_000 }, async () => {
  const web = nginx();
  await run(web, 'start');
  const pids = await until('a worker', () => ownedBy(web).length === 2 && ownedBy(web));
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  expect(await run(web, 'check')).toMatchObject({ reason: expect.stringMatching(/no answer within 5 s$/) });
  expect(await results(web, ['stop'])).toEqual(['ok']);
  expect(ownedBy(web)).toEqual([]);
});

test('an address that is not here fails the start, with the reason of nginx', async () => {
  const outcome = await run(nginx({ addresses: ['192.0.2.1'] }), 'start');
  expect(outcome).toMatchObject({
    result: 'failed',
    reason: expect.stringMatching(/bind\(\) to 192\.0\.2\.1:8093 failed/),
  });
});

test('workers that outlived their master are stopped', async () => {
  const web = nginx();
  await run(web, 'start');
  await until('a worker', () => ownedBy(web).length === 2);
  process.kill(masterOf(web), 'SIGKILL');
  await until('the master is gone', () => ownedBy(web).length === 1);
  expect(await page(web.addresses[0]!)).toContain('is served');
  expect(await results(web, ['stop'])).toEqual(['ok']);
  await until('the worker is gone', () => ownedBy(web).length === 0);
  expect(await results(web, ['start', 'check'])).toEqual(['ok', 'ok']);
});

test('stop ends an nginx that has not written its PID down, as one whose start was killed', async () => {
  const web = nginx();
  await run(web, 'start');
  expect(ownedBy(web)).not.toEqual([]);
  rmSync(join(serviceStateDir(stateDir, web.name), 'nginx.pid'));
  expect(await results(web, ['stop'])).toEqual(['ok']);
  await until('none is left', () => ownedBy(web).length === 0);
});

test('a PID file of an earlier boot does not get a stranger killed', async () => {
  const web = nginx();
  const stranger = spawn('sleep', ['300'], { stdio: 'ignore' });
  strangers.push(stranger);
  await once(stranger, 'spawn');
  mkdirSync(serviceStateDir(stateDir, web.name), { recursive: true });
  writeFileSync(join(serviceStateDir(stateDir, web.name), 'nginx.pid'), `${stranger.pid}\n`);
  expect(await results(web, ['stop', 'start', 'check', 'stop'])).toEqual(['ok', 'ok', 'ok', 'ok']);
  expect(processStat(stranger.pid ?? 0)?.state).toBe('S');
});

test('what cannot be written into a configuration is refused before the service is offered', async () => {
  for (const ROOT of ['/srv/"', '/srv/$x', '/srv/;}', '/nowhere']) {
    expect(await run(nginx({ variables: { PORT, ROOT } }), 'activate')).toMatchObject({ result: 'failed' });
  }
  const outcome = await run(nginx({ variables: { PORT: '80;' } }), 'activate');
  expect(outcome).toMatchObject({ result: 'failed', reason: 'PORT is not a number: 80;' });
});

function nginx(changes: Partial<ServiceDefinition> = {}): ServiceDefinition {
  const definition = definitionOf(MAKEFILE, { addresses: [loopback()], variables: { PORT }, ...changes });
  used.push(definition);
  return definition;
}

/** An address of our own: other tests on this machine have theirs. */
function loopback(): string {
  const byte = () => 2 + Math.floor(Math.random() * 250);
  return `127.${byte()}.${byte()}.${byte()}`;
}

function run(definition: ServiceDefinition, primitive: Primitive) {
  return runner.run(requestFor(definition, primitive));
}

async function results(definition: ServiceDefinition, primitives: readonly Primitive[]): Promise<string[]> {
  const ends: string[] = [];
  for (const primitive of primitives) {
    const outcome = await run(definition, primitive);
    ends.push(outcome.result === 'succeeded' ? 'ok' : `${primitive}: ${JSON.stringify(outcome)}`);
  }
  return ends;
}

async function output(definition: ServiceDefinition, primitive: Primitive): Promise<string> {
  const outcome = await run(definition, primitive);
  return 'output' in outcome ? outcome.output : outcome.result;
}

async function page(address: string): Promise<string> {
  const response = await fetch(`http://${address}:${PORT}/`, { headers: { connection: 'close' } });
  return await response.text();
}

function folderWith(name: string, text: string): string {
  const folder = join(stateDir, `www-${readdirSync(stateDir).length}`);
  mkdirSync(folder);
  writeFileSync(join(folder, name), text);
  return folder;
}

function masterOf(definition: ServiceDefinition): number {
  return Number(readFileSync(join(serviceStateDir(stateDir, definition.name), 'nginx.pid'), 'utf8'));
}

/** Master and workers of the service: nginx processes of the session that the master leads. */
function ownedBy(definition: ServiceDefinition): number[] {
  const group = groups.get(definition) ?? masterOf(definition);
  groups.set(definition, group);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const stat = processStat(pid);
      return stat !== undefined && stat.processGroup === group && stat.state !== 'Z';
    });
}

const groups = new WeakMap<ServiceDefinition, number>();

test('its watch ends when nginx is killed, and names it', async () => {
  const web = nginx();
  await run(web, 'start');
  const master = masterOf(web);
  const { primitive: _primitive, timeoutMs: _timeoutMs, ...request } = requestFor(web, 'check');
  const ended = runner.watch(request);
  await until('the watch has seen that it runs', () => isWatched(web));
  expect(await run(web, 'check')).toMatchObject({ result: 'succeeded' });
  process.kill(Number(master), 'SIGKILL');
  expect(await ended).toBe(`nginx, PID ${master}, has ended`);
});

/** Its watch opens file descriptor 3 when it has seen that nginx runs. */
function isWatched(definition: ServiceDefinition): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      const isWatch = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('exec 3<>');
      const isIts = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(serviceStateDir(stateDir, definition.name));
      return isWatch && isIts && readdirSync(`/proc/${pid}/fd`).includes('3');
    } catch {
      // No process, or it has ended.
      return false;
    }
  });
}
